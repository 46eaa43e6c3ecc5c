"""Who says what in English, by the patterns of wire copy."""
