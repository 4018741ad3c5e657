"""What `manage.py load_reference` loads for this app: the templates of a network plan.

No official template of a network plan was found. The sections come from improvement practice and
the national enablers; each row of `template` says so in its source.
"""

from pathlib import Path

from plans.models import Template, TemplateSection
from ssip.tenancy.reference import Table

FOLDER = Path(__file__).parent / "fixtures" / "reference"

TABLES = (
    Table("template", Template, ("code",)),
    Table("template_section", TemplateSection, ("template", "key")),
)
