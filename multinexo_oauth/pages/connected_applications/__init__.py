"""Aplicaciones conectadas: where people see which applications they have let in, and take their access back."""
