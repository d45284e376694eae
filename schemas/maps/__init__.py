"""Tables of names and codes as TSV, and the functions that read them.

Languages and countries (MARC code lists), material types, Vietnamese publishers and places of publication.
"""

from schemas.maps.countries import country_name
from schemas.maps.languages import language, language_name
from schemas.maps.materials import material, material_codes, material_label, material_type
from schemas.maps.statements import place, publisher

__all__ = [
    "country_name",
    "language",
    "language_name",
    "material",
    "material_codes",
    "material_label",
    "material_type",
    "place",
    "publisher",
]
