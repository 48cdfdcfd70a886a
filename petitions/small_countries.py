"""Countries that can have no crowd: an index of their signatures alone lets alerts count them (petitions/models/signature.py), so a
change here needs a migration."""

from __future__ import annotations

# How many live there, where so few do that a crowd is impossible (thousands of people; UN and national figures, rounded).
SMALL = {
    "VA": 1, "PN": 1, "TK": 2, "NU": 2, "NF": 2, "CX": 2, "CC": 1, "FK": 4, "SH": 6, "PM": 6, "MS": 5, "NR": 13, "TV": 11, "WF": 12,
    "AI": 16, "CK": 15, "PW": 18, "SM": 34, "GI": 33, "MC": 39, "LI": 40, "VG": 31, "MF": 32, "BL": 11, "AQ": 1, "BV": 1, "HM": 1,
    "GS": 1, "TF": 1, "UM": 1, "IO": 3, "AX": 30, "FO": 54, "GL": 56, "KN": 48, "AS": 44, "MP": 48, "TC": 46, "SX": 43, "MH": 42,
    "KY": 69, "BM": 64, "AD": 80, "DM": 73, "IM": 84, "AG": 94, "SC": 107, "TO": 107, "FM": 115, "VC": 104, "GD": 126, "KI": 131,
    "LC": 180, "WS": 222, "ST": 228, "VU": 327, "BQ": 27, "SJ": 3, "EH": 600, "GG": 64, "JE": 104,
}  # fmt: skip
