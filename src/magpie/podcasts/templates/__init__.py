"""How scripts and voices are made: the set that a YAML file and the API edit."""
