"""The school's details as JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.findings import SchoolProfile
from consent.profile import ProfileError, profile_from_json, profile_to_json

texts = st.lists(st.text(max_size=8), max_size=3).map(tuple)
profiles = st.builds(
    SchoolProfile,
    name=st.text(max_size=8),
    short_names=texts,
    address=st.text(max_size=8),
    postcode=st.text(max_size=8),
    phones=texts,
    domain=st.text(max_size=8),
    emails=texts,
    handles=texts,
    hashtags=texts,
    classes=st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3),
    approved_domains=texts,
)


@given(profiles)
def test_a_profile_survives_its_json(profile):
    stored = json.loads(json.dumps(profile_to_json(profile)))
    assert profile_from_json(profile.name, stored) == profile


@pytest.mark.parametrize(
    ("stored", "says"),
    [
        pytest.param({"fax": "1"}, "Unknown detail of the school: fax", id="unknown"),
        pytest.param({"name": "X"}, "Unknown detail of the school: name", id="the name twice"),
        pytest.param({"phones": "01632 960418"}, "phones must be a list", id="text for a list"),
        pytest.param({"phones": [1]}, "phones must be a list of texts", id="numbers"),
        pytest.param({"classes": ["Oak"]}, "classes must give the year", id="classes as a list"),
        pytest.param({"classes": {"Oak": 6}}, "classes must give the year", id="year as a number"),
        pytest.param({"domain": None}, "domain must be text", id="null"),
    ],
)
def test_what_is_no_profile_says_why(stored, says):
    with pytest.raises(ProfileError, match=says):
        profile_from_json("Wrenhollow", stored)
