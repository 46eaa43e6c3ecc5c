"""Sentences of news in eight languages, our own: what an article says besides, and what it says of a subject.

Written to cost what real ones cost: people and places are named, someone speaks, figures and days are told.
"""

AROUND: dict[str, tuple[str, ...]] = {
    "en": (
        "The foreign minister of Jordan arrived in Cairo on Monday for two days of meetings.",
        "“We have heard this before, and the bread is still at twice its price,” a baker said.",
        "At least 14 people were injured when a bus left the road near the coast, police said.",
        "The central bank kept its rate at 4.5 percent and expects growth of 2 percent next year.",
        "Officials in Washington declined to comment on the report, which appeared last week.",
        "Rain is expected in the north until Thursday, according to the weather service.",
    ),
    "fr": (
        "Le ministre jordanien des Affaires étrangères est arrivé lundi au Caire pour deux jours.",
        "« Nous avons déjà entendu cela, et le pain coûte toujours le double », a dit un boulanger.",
        "Au moins 14 personnes ont été blessées quand un car a quitté la route, selon la police.",
        "La banque centrale a maintenu son taux à 4,5 % et prévoit une croissance de 2 % l'an prochain.",
        "À Washington, les autorités ont refusé de commenter le rapport paru la semaine dernière.",
        "De la pluie est attendue dans le nord jusqu'à jeudi, d'après le service météorologique.",
    ),
    "es": (
        "El ministro de Exteriores de Jordania llegó el lunes a El Cairo para dos días de reuniones.",
        "«Esto ya lo hemos oído, y el pan sigue al doble de su precio», dijo un panadero.",
        "Al menos 14 personas resultaron heridas cuando un autobús se salió de la vía, según la policía.",
        "El banco central mantuvo su tipo en el 4,5 % y espera un crecimiento del 2 % el próximo año.",
        "En Washington, los portavoces no quisieron comentar el informe, que salió la semana pasada.",
        "Se esperan lluvias en el norte hasta el jueves, de acuerdo con el servicio meteorológico.",
    ),
    "de": (
        "Der jordanische Außenminister traf am Montag zu zweitägigen Gesprächen in Kairo ein.",
        "„Das haben wir schon gehört, und das Brot kostet noch immer das Doppelte“, sagte ein Bäcker.",
        "Mindestens 14 Menschen wurden verletzt, als ein Bus von der Straße abkam, teilte die Polizei mit.",
        "Die Zentralbank ließ ihren Satz bei 4,5 Prozent und erwartet im nächsten Jahr 2 Prozent Wachstum.",
        "In Washington wollte niemand den Bericht kommentieren, der in der vorigen Woche erschienen war.",
        "Im Norden wird laut Wetterdienst bis Donnerstag Regen erwartet.",
    ),
    "ru": (
        "Министр иностранных дел Иордании прибыл в понедельник в Каир для двухдневных встреч.",
        "«Мы это уже слышали, а хлеб по-прежнему стоит вдвое дороже», — сказал пекарь.",
        "По меньшей мере 14 человек пострадали, когда автобус съехал с дороги, сообщила полиция.",
        "Центральный банк сохранил ставку на уровне 4,5 процента и ждёт роста в 2 процента.",
        "В Вашингтоне отказались комментировать доклад, который вышел на прошлой неделе.",
        "По данным метеослужбы, на севере до четверга ожидаются дожди.",
    ),
    "ar": (
        "وصل وزير الخارجية الأردني إلى القاهرة يوم الاثنين لعقد اجتماعات تستمر يومين.",
        "قال خباز: «سمعنا هذا من قبل، وما زال الخبز بضعف سعره».",
        "أصيب 14 شخصا على الأقل عندما انحرفت حافلة عن الطريق قرب الساحل، بحسب الشرطة.",
        "أبقى البنك المركزي سعر الفائدة عند 4.5 في المئة وتوقع نموا بنسبة 2 في المئة.",
        "رفض مسؤولون في واشنطن التعليق على التقرير الذي صدر الأسبوع الماضي.",
        "وتتوقع هيئة الأرصاد هطول الأمطار في الشمال حتى يوم الخميس.",
    ),
    "he": (
        "שר החוץ הירדני הגיע ביום שני לקהיר ליומיים של פגישות.",
        "„את זה כבר שמענו, והלחם עדיין עולה פי שניים”, אמר אופה.",
        "לפחות 14 בני אדם נפצעו כאשר אוטובוס סטה מהכביש ליד החוף, מסרה המשטרה.",
        "הבנק המרכזי הותיר את הריבית על 4.5 אחוזים וצופה צמיחה של 2 אחוזים בשנה הבאה.",
        "בוושינגטון סירבו להגיב על הדוח, שהתפרסם בשבוע שעבר.",
        "לפי השירות המטאורולוגי צפוי גשם בצפון עד יום חמישי.",
    ),
    "hi": (
        "जॉर्डन के विदेश मंत्री दो दिन की बैठकों के लिए सोमवार को काहिरा पहुँचे।",
        "एक नानबाई ने कहा, “यह हम पहले भी सुन चुके हैं, और रोटी अब भी दोगुने दाम पर है।”",
        "पुलिस के अनुसार सड़क से बस उतर जाने पर कम से कम 14 लोग घायल हुए।",
        "केंद्रीय बैंक ने दर 4.5 प्रतिशत पर रखी और अगले साल 2 प्रतिशत वृद्धि की उम्मीद जताई।",
        "वाशिंगटन में अधिकारियों ने पिछले हफ़्ते आई रिपोर्ट पर टिप्पणी से इनकार किया।",
        "मौसम विभाग के मुताबिक़ उत्तर में गुरुवार तक बारिश होने की संभावना है।",
    ),
}
"""Nothing in them is, or contains, a tracked subject."""

ABOUT: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (
            "ceasefire",
            "Qatar's prime minister said on Sunday that a ceasefire of 40 days in Gaza was within reach.",
        ),
        (
            "ceasefire",
            "“There will be no truce before our terms are met,” a Hamas official told reporters in Beirut.",
        ),
        (
            "hostages",
            "Israel believes that more than 100 hostages are still held in Gaza, the army said on Tuesday.",
        ),
        ("rafah", "The United Nations warned that 1.2 million people in Rafah have nowhere left to go."),
    ),
    "fr": (
        (
            "ceasefire",
            "Le Premier ministre qatari a dit dimanche qu'un cessez-le-feu de 40 jours à Gaza était proche.",
        ),
        (
            "ceasefire",
            "« Pas de trêve à Gaza sans garanties », a déclaré un responsable du Hamas à Beyrouth.",
        ),
        (
            "hostages",
            "Israël estime que plus de 100 otages sont encore retenus à Gaza, a indiqué mardi l'armée.",
        ),
        ("rafah", "Les Nations unies ont averti que 1,2 million de personnes à Rafah n'ont plus où aller."),
    ),
    "es": (
        (
            "ceasefire",
            "El primer ministro de Catar dijo el domingo que un alto el fuego de 40 días en Gaza está cerca.",
        ),
        ("ceasefire", "«No habrá tregua en Gaza sin garantías», declaró un dirigente de Hamás en Beirut."),
        ("hostages", "Israel cree que más de 100 rehenes siguen en Gaza, informó el martes el ejército."),
        ("rafah", "Naciones Unidas advirtió de que 1,2 millones de personas en Rafah no tienen adónde ir."),
    ),
    "de": (
        (
            "ceasefire",
            "Katars Regierungschef sagte am Sonntag, eine Waffenruhe von 40 Tagen in Gaza sei nah.",
        ),
        (
            "ceasefire",
            "„Ohne Garantien gibt es keinen Waffenstillstand“, sagte ein Vertreter der Hamas in Beirut.",
        ),
        (
            "hostages",
            "Mehr als 100 Geiseln sind noch in Gaza, teilte die israelische Armee am Dienstag mit.",
        ),
        (
            "rafah",
            "Die Vereinten Nationen warnten, dass 1,2 Millionen Menschen in Rafah nicht wissen, wohin.",
        ),
    ),
    "ru": (
        (
            "ceasefire",
            "Премьер-министр Катара заявил в воскресенье, что прекращение огня в Газе на 40 дней близко.",
        ),
        ("ceasefire", "«Перемирия в Газе не будет без гарантий», — сказал представитель ХАМАС в Бейруте."),
        ("hostages", "Израиль считает, что в Газе остаются более 100 заложников, сообщила во вторник армия."),
        ("rafah", "ООН предупредила, что 1,2 миллиона человек в Рафахе больше некуда идти."),
    ),
    "ar": (
        ("ceasefire", "قال رئيس الوزراء القطري يوم الأحد إن وقف إطلاق النار في غزة لمدة 40 يوما بات قريبا."),
        ("ceasefire", "وقال قيادي في حماس في بيروت: «لن تكون هناك هدنة في غزة قبل تلبية شروطنا»."),
        (
            "hostages",
            "وتعتقد إسرائيل أن أكثر من 100 من الرهائن ما زالوا في غزة، وفق ما أعلن الجيش يوم الثلاثاء.",
        ),
        ("rafah", "حذرت الأمم المتحدة من أن 1.2 مليون شخص في رفح لم يعد لديهم مكان يذهبون إليه."),
    ),
    "he": (
        ("ceasefire", "ראש ממשלת קטאר אמר ביום ראשון כי הפסקת אש של 40 יום בעזה קרובה מתמיד."),
        ("ceasefire", "„לא תהיה הפסקת אש בעזה בלי ערבויות”, אמר בכיר בחמאס בביירות."),
        ("hostages", "בישראל מעריכים כי יותר מ-100 חטופים עדיין בעזה, מסר הצבא ביום שלישי."),
        ("rafah", "האומות המאוחדות הזהירו כי ל-1.2 מיליון בני אדם ברפיח אין לאן ללכת."),
    ),
    "hi": (
        ("ceasefire", "क़तर के प्रधानमंत्री ने रविवार को कहा कि ग़ाज़ा में 40 दिन का युद्धविराम क़रीब है।"),
        ("ceasefire", "बेरूत में हमास के एक नेता ने कहा, “गारंटी के बिना ग़ाज़ा में संघर्ष विराम नहीं होगा।”"),
        ("hostages", "सेना ने मंगलवार को बताया कि 100 से ज़्यादा बंधक अब भी ग़ाज़ा में हैं।"),
        ("rafah", "संयुक्त राष्ट्र ने चेताया कि रफ़ाह में 12 लाख लोगों के पास जाने की कोई जगह नहीं है।"),
    ),
}
"""Subject and sentence; each names exactly that one subject."""
