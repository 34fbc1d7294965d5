"""Settings of sites that are set up wrongly, for `manage.py check` to say so, or in a way of their own."""
