"""The QR code of a permalink, for the paper a page is printed on and for the shelf.

In: an address. Out: an SVG image (ISO/IEC 18004, a sixth of it may be lost), black on white in every scheme of colours.
"""

from io import BytesIO

import segno


def qr(address: str) -> bytes:
    """Draw the code."""
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=2, light="#fff", xmldecl=False, svgclass=None, lineclass=None
    )
    return drawn.getvalue()
