"""Neutral words in eight languages for generated articles; none is, or contains, a tracked subject."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WORDS: dict[str, tuple[str, ...]] = {
    "en": _words(
        "the council of a city has said that new roads and schools will open in spring while water "
        "bridges markets trains farmers students doctors ministers parliament budget report "
        "committee river museum harvest energy prices workers union election weather coast mountain "
        "village library stadium team season match players fans music festival science research "
        "university project engineers station "
    ),
    "fr": _words(
        "le conseil de la ville a dit que les nouvelles routes et les écoles vont ouvrir au "
        "printemps pendant que marché train agriculteurs étudiants médecins ministre parlement "
        "budget rapport comité fleuve musée récolte énergie prix ouvriers syndicat élection météo "
        "côte montagne village bibliothèque stade équipe saison joueurs musique festival science "
        "recherche université projet ingénieurs gare "
    ),
    "es": _words(
        "el consejo de la ciudad dijo que las nuevas carreteras y escuelas abrirán en primavera "
        "mientras mercado tren agricultores estudiantes médicos ministro parlamento presupuesto "
        "informe comité río museo cosecha energía precios obreros sindicato elección clima costa "
        "montaña pueblo biblioteca estadio equipo temporada jugadores música festival ciencia "
        "investigación universidad proyecto "
    ),
    "ar": _words(
        "قال مجلس المدينة إن الطرق الجديدة والمدارس سوف تفتح في الربيع بينما السوق القطار المزارعون "
        "الطلاب الأطباء الوزير البرلمان الميزانية التقرير اللجنة النهر المتحف الحصاد الطاقة الأسعار "
        "العمال النقابة الانتخابات الطقس الساحل الجبل القرية المكتبة الملعب الفريق الموسم اللاعبون "
        "الموسيقى المهرجان العلوم البحث الجامعة المشروع المهندسون المحطة "
    ),
    "he": _words(
        "מועצת העיר אמרה כי הכבישים החדשים ובתי הספר ייפתחו באביב בעוד השוק הרכבת החקלאים הסטודנטים "
        "הרופאים השר הכנסת התקציב הדוח הוועדה הנהר המוזיאון היבול האנרגיה המחירים העובדים האיגוד "
        "הבחירות מזג החוף ההר הכפר הספרייה האצטדיון הקבוצה העונה השחקנים המוזיקה הפסטיבל המדע המחקר "
        "האוניברסיטה הפרויקט התחנה "
    ),
    "de": _words(
        "der rat einer stadt hat gesagt dass neue straßen und schulen im frühling öffnen während wasser "
        "brücken märkte züge bauern studenten ärzte minister parlament haushalt bericht ausschuss fluss "
        "museum ernte energie preise arbeiter gewerkschaft wahl wetter küste berg dorf bücherei stadion "
        "mannschaft saison spieler musik fest wissenschaft forschung universität projekt bahnhof "
    ),
    "ru": _words(
        "совет города сказал что новые дороги и школы откроются весной пока вода мосты рынки поезда "
        "фермеры студенты врачи министр парламент бюджет доклад комитет река музей урожай энергия цены "
        "рабочие профсоюз выборы погода берег гора деревня библиотека стадион команда сезон игроки музыка "
        "праздник наука университет проект инженеры вокзал "
    ),
    "hi": _words(
        "शहर की परिषद ने कहा कि नई सड़कें और स्कूल वसंत में खुलेंगे जबकि पानी पुल बाज़ार रेल किसान छात्र डॉक्टर मंत्री संसद बजट "
        "रिपोर्ट समिति नदी संग्रहालय फ़सल ऊर्जा दाम मज़दूर संघ चुनाव मौसम तट पहाड़ गाँव पुस्तकालय मैदान टीम खिलाड़ी संगीत "
        "उत्सव विज्ञान शोध विश्वविद्यालय परियोजना स्टेशन "
    ),
}

HITS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("ceasefire", "Mediators in Gaza said that a ceasefire was being discussed."),
        ("hostages", "Families in Israel asked for news of the hostages."),
        ("rafah", "Trucks were waiting on the road to Rafah."),
    ),
    "fr": (
        ("ceasefire", "Des médiateurs à Gaza ont parlé d'un cessez-le-feu."),
        ("hostages", "Des familles en Israël ont demandé des nouvelles des otages."),
        ("rafah", "Des camions attendaient sur la route de Rafah."),
    ),
    "es": (
        ("ceasefire", "Los mediadores en Gaza hablaron de un alto el fuego."),
        ("hostages", "Familias en Israel pidieron noticias de los rehenes."),
        ("rafah", "Los camiones esperaban en el camino a Rafah."),
    ),
    "ar": (
        ("ceasefire", "تحدث الوسطاء في غزة عن وقف إطلاق النار."),
        ("hostages", "سألت العائلات في إسرائيل عن الرهائن."),
        ("rafah", "كانت الشاحنات تنتظر على طريق رفح."),
    ),
    "he": (
        ("ceasefire", "המתווכים בעזה דיברו על הפסקת אש."),
        ("hostages", "משפחות בישראל ביקשו ידיעות על החטופים."),
        ("rafah", "המשאיות המתינו בדרך לרפיח."),
    ),
}
"""One sentence per language and subject; each names exactly that one subject, and where it happens."""
