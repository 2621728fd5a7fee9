"""Feeds: what is in the library as podcasts, for apps that know nothing of Magpie but a secret address."""
