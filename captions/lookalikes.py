"""Letters of other scripts that look like Latin ones, as a reader sees them."""

from __future__ import annotations

_PAIRS = (
    # Cyrillic
    ("АВЕЅІЈКМНОРСТУХҮԚԜӀЗ", "ABESIJKMHOPCTYXYQWIZ"),
    ("аеѕіјорсухуһԁԛԝӏнкмтвгпби", "aesijopcyxyhdqwlhkmtbrnbu"),
    ("ёЁїЇєЄґўЎәӨө", "eEiIeErYYeOo"),
    # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϽ", "ABEZHIKMNOPTYXCC"),
    ("αβγεηικνορτυχωϲϳάέήίόύώϊϋ", "aByenikvoptuxwcjaenlouwiu"),
    # Armenian and Georgian shapes, Cherokee capitals
    ("օսոհցզՕՍԼՏ", "ounhgqOULS"),
    ("ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ", "ABCDEHJKLMPRSTVWZ"),
    # Letters that only look small or phonetic
    ("ɑɡɩɪʏɴʀʙɢʜʟɛɔɯʋꜱᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢı", "agiiynrbghleowvsacdejkmoptuvwzi"),
)

LOOKALIKES: dict[str, str] = {
    foreign: latin for looks, plain in _PAIRS for foreign, latin in zip(looks, plain, strict=True)
}
