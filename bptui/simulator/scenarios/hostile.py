"""Names that try to harm whoever shows them: terminal codes, bidirectional text, look-alikes, widths, markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.simulator import stories
from bptui.simulator.identity import new_uuid
from bptui.simulator.jobs import Blob, Chunk, Job, Priority, RequestType
from bptui.simulator.scenarios.casting import generator_for

if TYPE_CHECKING:
    from bptui.simulator.appliance import Appliance

OBJECT_NAMES = (
    "plain.txt",
    "with space  two.txt",
    "plus+percent%20.txt",
    "semi;colon&amp.txt",
    'quote".txt',
    "apos'.txt",
    "lt<gt>.txt",
    "tab\there.txt",
    "newline\nhere.txt",
    "return\rhere.txt",
    "dir/",
    "日本語/ファイル.mov",
    "emoji-🎬.mp4",
    "a?b=c&d#e.txt",
    "back\\slash.txt",
    "combining-e\u0301.txt",
    "composed-\u00e9.txt",
    "zalgo-" + "o" + "\u0300\u0301\u0302\u0303\u0304\u0305\u0306" + ".txt",
    "csi-\u009b31m-red.txt",
    "osc-\u009d0;owned\u009c.txt",
    "delete-\x7f.txt",
    "next-line-\u0085.txt",
    "override-\u202egpj.exe",
    "isolate-\u2067abc\u2069.txt",
    "mark-\u200f\u061c.txt",
    "zero-\u200bwidth\u200c\u2060\ufeff.txt",
    "line\u2028separator\u2029paragraph.txt",
    "family-👩\u200d👩\u200d👧\u200d👦.png",
    "skin-👍🏽.png",
    "flag-🇳🇴🇯🇵.png",
    "variation-✈\ufe0e✈\ufe0f.png",
    "tag-\U000e0041\U000e0042.txt",
    "private-\ue000\U000f0000.txt",
    "soft\u00adhyphen.txt",
    "arabic-ملف.txt",
    "hebrew-קובץ.txt",
    "hangul-\u1112\u1161\u11ab.txt",
    "[bold red]markup[/]",
    "[link=file:///etc/passwd]click[/link]",
    "$(rm -rf ~)`id`;|&",
    "../../etc/passwd",
    "-rf",
    "=HYPERLINK(1)",
    " leading and trailing ",
    ".",
    "very-long/" + "/".join(f"level-{depth:02d}" for depth in range(60)) + "/the-end-differs.bin",
)
"""Object names an appliance can hold; characters that XML cannot carry are not among them."""

JOB_NAMES = (
    'odd & "quoted" <name>',
    "\u009b2J\u009b1;1H cleared",
    "right\u202etfel-ot",
    "[b]bold[/b] [@click=app.bell]ring[/]",
    "two\nlines\tand a tab",
    "",
    "n" * 300,
    "ジョブ名前" * 8,
    "👩\u200d🚀 family 🇳🇴",
)


def populate(appliance: Appliance) -> None:
    """One job for each name, the first with every object name."""
    user = appliance.add_user("mbarros")
    bucket = appliance.add_bucket("harbor-masters", user, age_days=900)
    rng = generator_for(appliance, "hostile")
    for number, name in enumerate(JOB_NAMES):
        names = OBJECT_NAMES if number == 0 else OBJECT_NAMES[number :: len(JOB_NAMES)]
        blobs = [Blob(new_uuid(rng), each, 1000 + at, new_uuid(rng)) for at, each in enumerate(names)]
        job = Job(
            id=new_uuid(rng),
            name=name,
            bucket=bucket,
            user=appliance.add_user("o\u202ekonkwo\u009b") if number % 3 == 2 else user,
            request_type=(RequestType.PUT, RequestType.GET, RequestType.VERIFY)[number % 3],
            created_at=appliance.now(),
            chunks=[Chunk(new_uuid(rng), 1, blobs)],
            priority=tuple(Priority)[number % 6],
            is_aggregating=number % 3 == 0,
        )
        appliance.add(job)
        if number % 3 == 0:
            appliance.begin(stories.upload(appliance, job, 400, rng))
            appliance.begin(stories.persist(appliance, job, 4000, rng))
