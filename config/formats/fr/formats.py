DATE_FORMAT = "j F Y"
MONTH_DAY_FORMAT = "j F"
# 20 h 29, on one line.
TIME_FORMAT = "H\xa0\\h\xa0i"
DATETIME_FORMAT = f"j F Y, {TIME_FORMAT} T"
SHORT_DATETIME_FORMAT = f"j F Y, {TIME_FORMAT}"
# As browsers write numbers in French (CLDR).
THOUSAND_SEPARATOR = "\u202f"
