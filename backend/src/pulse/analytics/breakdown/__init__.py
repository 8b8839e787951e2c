"""A pipeline by its dimensions, one or one against another; account managers among them."""
