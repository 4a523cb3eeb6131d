"""Cases that need not pass, and why. Whoever makes one pass takes it out: that it passes is a failure here."""

# Patterns of ids → the behaviour that is expected instead.
EXPECTED = {
    # The client as ported here does not offer permessage-deflate yet. Tests/Outside/test_deflate.py does.
    "12.*": "UNIMPLEMENTED",
    "13.*": "UNIMPLEMENTED",
}
