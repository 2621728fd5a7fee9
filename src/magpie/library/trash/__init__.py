"""The trash: what people have taken out of their library, until it is emptied."""
