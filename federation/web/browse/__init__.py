"""The browsing room: titles, makers, subjects and classes, as the drawers of a card catalogue."""
