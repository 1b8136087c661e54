"""Which lines may hold a PIN."""


def secret(text):
    """True for a line that may have a PIN in it: what follows is echoed as stars, and the line is not recalled.

    Whoever writes ``PIN=1234``, ``set pin 1234`` or a request in JSON by hand has typed a secret all the same.
    """
    text = " " + text.lower().replace('"', " ")
    return " unlock" in text or " pin" in text
