"""What a user has made of items: favourites, tags, where playing stopped."""
