"""The documentation as a site: `.ci/check-docs` builds it."""

import os
import sys
import tomllib
from pathlib import Path

import django

ROOT = Path(__file__).parent.parent
# The package itself, a small site that has it installed, and the extensions beside this file.
sys.path[:0] = [str(ROOT), str(ROOT / ".ci"), str(ROOT / "docs/_ext")]
os.environ["DJANGO_SETTINGS_MODULE"] = "small_site.settings"
django.setup()

project = "multinexo_oauth"
author = "Multinexo contributors"
release = version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "site_pages"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_title = f"multinexo_oauth {release}"

smartquotes = False
myst_enable_extensions = ["alert"]
# As GitHub makes them, so that links to headings work in both places.
myst_heading_anchors = 4

autodoc_inherit_docstrings = False
autodoc_member_order = "bysource"
autodoc_default_options = {"exclude-members": "DoesNotExist, MultipleObjectsReturned"}
# Types of other packages, and of modules that are not public, have no page here.
nitpick_ignore_regex = [("py:.*", ".*")]
