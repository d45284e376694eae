"""`lienthong sources`: the endpoints of members, what they really do, and what they want before they answer."""
