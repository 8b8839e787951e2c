"""Names and choices that the seed combines; plain data."""

from __future__ import annotations

FIRST_NAMES = (
    "Aisha", "Arjun", "Beatrice", "Chen", "Daniel", "Dewi", "Elena", "Farah", "Gabriel", "Hana",
    "Hiroshi", "Imran", "Ingrid", "Jasmine", "Jian", "Kavya", "Kenji", "Lakshmi", "Liam", "Mei",
    "Miguel", "Nadia", "Nurul", "Oliver", "Priya", "Putri", "Rahul", "Renée", "Sakura", "Sanjay",
    "Siti", "Søren", "Tan", "Thabo", "Uma", "Vikram", "Wei", "Xin", "Yusuf", "Zoë",
)  # fmt: skip
LAST_NAMES = (
    "Abdullah", "Anand", "Bakker", "Chandra", "Chua", "D'Souza", "Fernandez", "Goh", "Gupta",
    "Hartono", "Ito", "Jensen", "Kapoor", "Khan", "Kumar", "Lee", "Lim", "Menon", "Müller",
    "Nakamura", "Ng", "O'Brien", "Okafor", "Ong", "Patel", "Pereira", "Rahman", "Reddy", "Santos",
    "Sato", "Sharma", "Silva", "Singh", "Suzuki", "Tan", "Teo", "Wijaya", "Wong", "Yamada", "Zhang",
)  # fmt: skip
COMPANY_HEADS = (
    "Alpine", "Amber", "Anchor", "Atlas", "Aurora", "Banyan", "Bluewater", "Cascade", "Cedar",
    "Citadel", "Cobalt", "Coral", "Crescent", "Delta", "Eastgate", "Ember", "Evergreen", "Falcon",
    "Frontier", "Garuda", "Golden Lotus", "Granite", "Harbour", "Helix", "Horizon", "Indus",
    "Ironwood", "Jade", "Kestrel", "Lantern", "Lumen", "Magnolia", "Meridian", "Monsoon", "Nimbus",
    "Northwind", "Oakfield", "Orchid", "Pacific", "Peninsula", "Pinnacle", "Quantum", "Raffles",
    "Redwood", "Sagamore", "Sapphire", "Silverline", "Straits", "Summit", "Sunda", "Teakwood",
    "Tembusu", "Trident", "Vantage", "Vertex", "Westport", "Willow", "Zenith", "Zephyr",
)  # fmt: skip
COMPANY_TRADES = (
    "Analytics", "Aviation", "Bank", "Biotech", "Capital", "Chemicals", "Construction", "Energy",
    "Engineering", "Foods", "Healthcare", "Holdings", "Hospitals", "Hotels", "Insurance",
    "Laboratories", "Logistics", "Manufacturing", "Marine", "Media", "Mining", "Motors", "Networks",
    "Pharma", "Plantations", "Polytechnic", "Ports", "Power", "Properties", "Retail", "Robotics",
    "Semiconductor", "Shipping", "Steel", "Systems", "Telecom", "Textiles", "Transit", "University",
    "Water",
)  # fmt: skip
LEGAL_FORMS = {
    "Singapore": "Pte Ltd", "Malaysia": "Sdn Bhd", "Indonesia": "PT Tbk", "India": "Pvt Ltd",
    "Japan": "K.K.", "Australia": "Pty Ltd", "United States": "Inc.", "United Kingdom": "plc",
    "Germany": "GmbH", "United Arab Emirates": "LLC", "Thailand": "Co., Ltd.", "Vietnam": "JSC",
}  # fmt: skip
# Country: (business region, currency, share of accounts, city, e-mail domain, dialling code)
COUNTRIES = {
    "Singapore": ("ASEAN", "SGD", 22, "Singapore", "sg", "65"),
    "India": ("South Asia", "INR", 16, "Bengaluru", "in", "91"),
    "Malaysia": ("ASEAN", "MYR", 12, "Kuala Lumpur", "my", "60"),
    "Indonesia": ("ASEAN", "IDR", 11, "Jakarta", "id", "62"),
    "Australia": ("ANZ", "AUD", 9, "Sydney", "au", "61"),
    "Japan": ("North Asia", "JPY", 7, "Tokyo", "jp", "81"),
    "United States": ("Americas", "USD", 7, "San Jose", "us", "1"),
    "United Kingdom": ("Europe", "GBP", 4, "London", "uk", "44"),
    "Germany": ("Europe", "EUR", 4, "München", "de", "49"),
    "United Arab Emirates": ("Middle East", "USD", 4, "Dubai", "ae", "971"),
    "Thailand": ("ASEAN", "USD", 2, "Bangkok", "th", "66"),
    "Vietnam": ("ASEAN", "USD", 2, "Hà Nội", "vn", "84"),
}
# ISO code: (name, symbol, units for one home unit, decimal places)
CURRENCIES = {
    "SGD": ("Singapore Dollar", "S$", 1.0, 2),
    "USD": ("US Dollar", "$", 0.7465, 2),
    "EUR": ("Euro", "€", 0.6872, 2),
    "GBP": ("British Pound", "£", 0.5853, 2),
    "INR": ("Indian Rupee", "₹", 62.41, 2),
    "MYR": ("Malaysian Ringgit", "RM", 3.384, 2),
    "IDR": ("Indonesian Rupiah", "Rp", 11745.0, 2),
    "JPY": ("Japanese Yen", "¥", 113.2, 0),
    "AUD": ("Australian Dollar", "A$", 1.118, 2),
}
INDUSTRIES = (
    "Banking", "Energy", "Government", "Healthcare", "Higher Education", "Logistics",
    "Manufacturing", "Retail", "Telecommunications", "Transport",
)  # fmt: skip
ROLES = ("Chief Executive", "Sales Director", "Account Manager", "Presales Consultant",
         "Inside Sales")  # fmt: skip
LEAD_SOURCES = ("Advertisement", "Cold Call", "Employee Referral", "External Referral", "Partner",
                "Public Relations", "Seminar Partner", "Trade Show", "Web Download",
                "Web Research")  # fmt: skip
DEAL_TYPES = ("Existing Business", "New Business", "Renewal")
SOLUTIONS = ("Cloud Migration", "Data Platform", "Cyber Security", "Managed Services",
             "Smart Campus", "IoT & Edge", "ERP Rollout", "Network Refresh")  # fmt: skip
FUNDING = ("Capex", "Opex", "Grant", "Lease", "Co-funded")
SEGMENTS = ("Enterprise", "Mid-Market", "Small Business", "Public Sector")
LOSS_REASONS = ("Expectation Mismatch", "Price", "Unqualified Customer", "Lack of response",
                "Missed Follow Ups", "Wrong Target", "Competition", "Future Interest",
                "Other")  # fmt: skip
TECHNOLOGIES = ("Kubernetes", "PostgreSQL", "SAP", "Azure", "AWS", "Fabric; Core", "Wi-Fi 7",
                "Zero Trust")  # fmt: skip
SCOPES = ("phase 1", "phase 2", "pilot", "expansion", "renewal", "refresh", "rollout", "assessment",
          "regional hub", "DR site", "campus", "branch network")  # fmt: skip
NEXT_STEPS = ("Send revised quote", "Site survey", "Meet CFO", "Await budget approval",
              "Security review", "Draft SOW", "Follow up after tender briefing",
              "Arrange demo")  # fmt: skip
REMARKS = (
    "Customer asked for a phased plan; see minutes.",
    'Incumbent is "locked in" until year end, but open to talk.',
    "Line one: scope, price, term.\nLine two: the CFO wants Opex.\r\nLine three: tab\there.",
    "Prüfung durch die Rechtsabteilung läuft – Rückmeldung bis Ende des Monats.",  # noqa: RUF001 - real texts have dashes
    "予算承認待ち。来月再連絡。",
    "Champion moved on; re-qualify <before> quoting & check A/R.",
)
STRANGE_NAMES = (
    'The "Big One", as they call it; 100% sure?',
    "Ünïcødé – 東京データセンター更改 🚀",  # noqa: RUF001 - real names have dashes
    "Line\nbreak in the name",
    "  padded with spaces  ",
    "O'Reilly & Sons, Inc. \\ back\\slash",
    "=SUM(1,2) looks like a formula",
    "عرض سعر لمشروع المياه",
    "Tab\tseparated, comma; semicolon",
)
TAGS = (("Strategic", "#EB4D4D"), ("Tender", "#57B1FD"), ("At Risk", "#F5C72F"))
