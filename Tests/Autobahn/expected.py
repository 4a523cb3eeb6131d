"""Cases that need not pass, and why. Whoever makes one pass takes it out: that it passes is a failure here."""

# Patterns of ids → the behaviour that is expected instead.
EXPECTED = {}
