"""Names that a school year is full of and that children share: figures, songs, places, plants, months, words."""

from __future__ import annotations

import pytest

from captions.findings import FieldName, SchoolProfile, TextField
from captions.inspection import inspect
from captions.register_names import RegisterNames
from tests.unit.captions.school import pupil

_GIVEN = """
Poppy Penny Heath Jay Will May Mark Art Grace Faith Hope Rose Ash Rowan Kit Sky Star Ivy Holly Lily
Olive Iris Violet Daisy Heather Robin Wren Summer Autumn April June Eve Dawn Crystal Amber Ruby Jade
Pearl Gold Coral Joy Charity Angel Miles Bill Jack Max Piper Hunter Bailey Lincoln Chester Sydney
Jordan Georgia Victoria Charlotte Florence Eden Angus Jersey Mary Henry Edward George William
Elizabeth James Thomas Anne Jane Harry Lucy Peter Wendy Oliver Alfie Sophie Charlie Elsa Matilda
Alice Walter Harriet Emily Isaac Leah Ella Noel Jude Clementine Michael Simon Gordon David Andrew
Martin Nancy Hazel Willow Tom Sam Willy Molly Rosa Ada Katie Keely Sage Cherry
"""
_REGISTER = RegisterNames.build([pupil(f"p{i}", given, "Quarshie") for i, given in enumerate(_GIVEN.split())])
_SCHOOL = SchoolProfile(name="Fellgate Primary School", short_names=("Fellgate",))


def _flagged(text: str) -> list[str]:
    found = inspect([TextField(FieldName.CAPTION, text)], _REGISTER, _SCHOOL).findings
    return [text[finding.start : finding.end] for finding in found]


_CLEAN = """
We sold every poppy wreath before Remembrance Sunday.
Poppy Day badges are on sale in the office.
Our penny drive filled seven jars.
A heath walk with wellies is planned for Friday.
We found a jay feather under the oak.
Will you be joining us on Monday?
May Day dancing was full of ribbons.
May half term begins on Friday.
We read Mark's gospel in assembly this week.
It is art week and the corridor is full of clay.
We say grace before lunch every day.
As a faith school we welcome all families.
Hope you all had a restful break.
The rose garden is in full bloom.
Ash Wednesday marks the start of Lent.
An ash tree came down in the gale.
Rowan berries fed the blackbirds all winter.
Please check the PE kit list on the website.
The kit bags are in the hall.
Red and sky blue were our house colours.
The star of the week will be announced on Friday.
A gold star goes to everyone who walked to school.
The holly and the ivy rang out at the carol service.
Ivy leaves made wonderful prints.
We made holly wreaths in Forest School.
Frogs rested on the lily pads.
Olive oil floats on water, as we saw in science.
The daisy chains were longer than the playground.
Heather moorland is home to grouse.
A robin nest was spotted above the bike shed.
We counted a robin, two wrens and a magpie.
The summer fair raised money for new books.
Autumn term dates are on the website.
April showers did not spoil our picnic.
The June newsletter is out now.
Christmas Eve is nearly here!
The walk at dawn was worth it.
Crystal growing takes patience.
The amber light means get ready.
Ruby red paint ran down the easel.
The jade dragon came from China.
Coral reefs are home to a quarter of sea life.
We sang Ode to Joy in the concert.
The charity shop took our old toys.
A guardian angel watched over the stable.
We walked for three miles along the canal.
The electricity bill was the topic of our maths lesson.
Jack Frost painted the windows on that icy morning.
Jack and the Beanstalk comes to the hall in December.
The Pied Piper is our class story.
Stone Age hunter gatherers lived near rivers.
A motte and bailey castle rose on the field.
We saw the Lincoln Imp on our visit to Lincoln Cathedral.
Chester Zoo was the best trip ever.
The Sydney Opera House was made from card.
John the Baptist met the crowds at the River Jordan.
Victoria sponge won the bake sale.
We peeled Charlotte potatoes for the soup.
Florence Nightingale carried a lamp.
The Eden Project has two giant domes.
The River Eden floods in winter.
An Aberdeen Angus calf visited from the farm.
A Jersey cow gives creamy milk.
Mary Seacole nursed soldiers in the Crimea.
Mary Anning dug up fossils at Lyme Regis.
Mary had a little lamb was the first recording.
Henry VIII had six wives.
Henry the Eighth was a Tudor king.
Henry the Seventh won at Bosworth.
Edward the Sixth became king at nine.
Edward the Confessor built the abbey.
George the Sixth was king in the war.
King George opened the bridge.
William the Conqueror landed at Pevensey.
William I ordered the Domesday Book.
Elizabeth the First never married.
Queen Elizabeth visited in 1977.
James the First survived the plot.
James and the Giant Peach is our class book.
Thomas Cranmer wrote the prayer book.
Thomas the Tank Engine puffed into the display.
Anne Frank kept a diary.
Anne Boleyn lost her head.
Jane Goodall studied chimpanzees.
Lady Jane Grey was queen for nine days.
Harry Potter fans made wands.
Harry and the Dinosaurs was read aloud.
Lucy and Edmund walked through the wardrobe to Narnia.
Lucy Bronze lifted the cup for the Lionesses.
Peter Pan flew over our hall.
Peter and the Wolf introduced us to the oboe.
The Wendy house has a fresh coat of paint.
Oliver Twist asked for more.
Oliver's Vegetables started our healthy eating topic.
Alfie Gets in First was the Reception story.
Sophie and the BFG drank frobscottle.
Charlie and the Chocolate Factory is this year's show.
Elsa and Anna costumes filled the hall.
Matilda the Musical was a treat.
Alice in Wonderland tea party on Thursday!
Walter Tull was a footballer and an officer.
Harriet Tubman led people to freedom.
Emily Davison fought for votes for women.
Isaac Newton watched an apple fall.
Leah Williamson captained England.
Ella Toone scored at Wembley.
The First Noel opened our carol concert.
Hey Jude was the encore.
Daisy Bell was sung at the tea dance.
Oh my darling Clementine was sung by the choir.
Michael Rosen visited our book fair on screen.
Michael row the boat ashore was sung in rounds.
Simon Says is a good game for wet play.
St David's Day was full of daffodils.
David and Goliath was acted with puppets.
St Andrew's Day meant shortbread.
House martins are back under the eaves.
Nancy and Bill Sikes are in the second act.
Hazel nuts were dropped by the squirrel.
The willow tunnel has new shoots.
Tom Gates is the most borrowed book.
Tom's Midnight Garden is a Year 6 text.
Sam and Dave Dig a Hole made us giggle.
Willy Wonka opened the gates.
Rosa Parks stayed in her seat.
Ada Lovelace wrote the first program.
Katie Morag lives on an island.
Keely Hodgkinson won gold in Paris.
Sage and onion stuffing was the smell of the day.
The cherry blossom is out.
Robin Hood's Bay is our Year 5 trip.
Granny Smith apples are crisp.
Jack Russell terriers love to dig.
Max and Ruby are rabbits in a cartoon.
"""

_CHILDREN = {
    "Poppy": ("Poppy won the race.", "Well done Poppy!"),
    "Penny": ("Penny made a clay pot.",),
    "Heath": ("Well done Heath!",),
    "Jay": ("Jay scored twice.", "Happy birthday Jay!"),
    "Will": ("Will won the chess cup.", "Well done Will!"),
    "Mark": ("Well done Mark!", "Mark won the chess cup."),
    "Grace": ("Grace wrote a poem.", "Congratulations Grace!"),
    "Faith": ("Faith played the drums.",),
    "Hope": ("Hope won the spelling bee.",),
    "Rose": ("Well done Rose!", "Rose scored twice."),
    "Rowan": ("Rowan won the race.",),
    "Ivy": ("Ivy read to the class.",),
    "Holly": ("Holly played her flute.",),
    "Lily": ("Lily painted a boat.",),
    "Olive": ("Olive sang a solo.",),
    "Daisy": ("Daisy made a puppet.",),
    "Robin": ("Robin scored a goal.",),
    "Summer": ("Well done Summer!",),
    "April": ("April won the cup.",),
    "Eve": ("Eve baked a cake.",),
    "Amber": ("Amber swam a length.",),
    "Ruby": ("Ruby danced in the show.", "Ruby's mum baked a cake."),
    "Joy": ("Joy sang a solo.",),
    "Miles": ("Well done Miles!",),
    "Jack": ("Jack read his story.", "Jack's goal won it."),
    "Piper": ("Piper played her flute.",),
    "Hunter": ("Hunter won the race.",),
    "Chester": ("Well done Chester!",),
    "Jordan": ("Jordan scored twice.",),
    "Victoria": ("Victoria read a poem.",),
    "Charlotte": ("Charlotte wrote a song.",),
    "Florence": ("Florence won a medal.",),
    "Eden": ("Eden played her cello.",),
    "Angus": ("Angus swam a mile.",),
    "Mary": ("Mary drew a map.",),
    "Henry": ("Henry has lost his coat.",),
    "Edward": ("Edward came first.",),
    "George": ("George won the cup.",),
    "William": ("William read aloud.",),
    "Elizabeth": ("Elizabeth painted a boat.",),
    "James": ("James scored twice.",),
    "Harry": ("Harry baked bread.",),
    "Lucy": ("Lucy held the banner.",),
    "Peter": ("Peter told us about his tooth.",),
    "Oliver": ("Oliver made a rocket.",),
    "Sophie": ("Sophie cut the ribbon.",),
    "Charlie": ("Charlie brought in his snails.",),
    "Elsa": ("Elsa won the raffle.",),
    "Matilda": ("Matilda lit the candle.",),
    "Alice": ("Alice fed the hens.",),
    "Walter": ("Walter sang a solo.",),
    "Michael": ("Michael rode his bike.",),
    "David": ("David counted the coins.",),
    "Tom": ("Tom fixed the gate.",),
    "Rosa": ("Rosa found a fossil.",),
    "Ada": ("Ada built a tower.",),
    "Katie": ("Katie swam a length.",),
}


@pytest.mark.parametrize("text", _CLEAN.strip().splitlines())
def test_school_year_is_no_pupil(text: str) -> None:
    assert _flagged(text) == []


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in _CHILDREN.items() for text in texts])
def test_child_of_that_name_is_asked_about(name: str, text: str) -> None:
    assert any(name in words for words in _flagged(text))


@pytest.mark.parametrize(
    "text",
    [
        "Holly and Ivy won the relay.",
        "Max and Ruby won the relay.",
        "Anna and Elsa built a den.",
        "George and Martha made a cake.",
        "Harry and the choir sang.",
        "Joy in Year 2 won a prize.",
    ],
)
def test_two_children_who_share_a_story_s_names_are_asked_about(text: str) -> None:
    assert _flagged(text)
