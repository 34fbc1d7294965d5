"""Mis Aplicaciones: where developers register their applications and look after them."""
