"""The first page of the house, for whoever comes."""
