DATE_FORMAT = r"j \d\e F \d\e Y"
MONTH_DAY_FORMAT = r"j \d\e F"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i T"
SHORT_DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i"
# As browsers write numbers in Spanish (CLDR).
THOUSAND_SEPARATOR = "."
