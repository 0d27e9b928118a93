"""What a browser says of itself, as people call it."""

BROWSERS = (
    ("Firefox", "Firefox"), ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
"""Signs in what browsers say of themselves, the telling ones first: each names others as well."""


def device_name(told: str) -> str:
    """Browser and system; as it was told where that is not known."""
    browser = next((name for sign, name in BROWSERS if sign in told), "")
    system = next((name for sign, name in SYSTEMS if sign in told), "")
    return f"{browser}, {system}" if browser and system else browser or told
