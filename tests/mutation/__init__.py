"""Break a correct repository, and see that it is noticed."""
