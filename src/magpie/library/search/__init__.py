"""Finding items by words: what an item is found by (`terms`), and the index of it on both databases."""
