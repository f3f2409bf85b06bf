"""Small word lists of our own. Each closes one hole that patterns alone leave open."""

from __future__ import annotations

from exams.gate.wording import word_set

# A term that begins with one of these points at something outside itself.
VAGUE_MODIFIERS = word_set(
    """
    above actual additional advanced distinctive specialized specialised structural well-known modern-day everyday all another any average basic best better big both broad
    central certain chief classic common complete considerable correct crucial current
    different difficult direct distinct each early easy entire every exact few final
    first following former fourth full fundamental further general given good great
    growing half high higher highest huge idea ideal important initial key large larger
    largest last late later latest latter least less likely limited little local long
    longer low lower lowest main major many mere minor modern more most much near
    necessary new next notable number numerous obvious old older oldest only opposite
    original other overall own particular popular possible present previous primary
    principal proper quick real recent related relevant remaining result resulting same
    second several short significant similar simple single slight small smaller
    smallest some special specific standard strong such sufficient third total true
    typical ultimate underlying unique usual various vast very weak well whole wide
    """
)

# Too general to be asked for by name.
GENERIC_HEADS = word_set(
    """
    ability account action activity addition advantage aim amount answer approach
    area argument article aspect attempt author background basis beginning behavior
    behaviour benefit book bulk case category cause century challenge chance change
    chapter characteristic choice class collection combination comparison component
    concept conclusion condition consequence consideration context contrast course
    criterion day decade decision definition degree description detail development
    difference difficulty direction discovery discussion disadvantage distinction
    effect effort element end error event evidence example exception exercise
    experience experiment explanation expression extent fact factor feature field
    figure finding form function goal group guideline history hour idea illustration
    impact importance improvement information instance instruction issue item job
    kind knowledge language lecture level limit limitation line list look lot majority
    manner material matter meaning means measure member mention method middle minute
    mistake mode moment month motivation name nature need notation note notion number
    object objective observation one operation opportunity option order outcome output
    overview page pair paragraph part people percent percentage period person
    perspective piece place plan point position possibility practice presence problem
    procedure process product program property proportion purpose quality quantity
    question range rate reader reason reference region relation relationship remainder
    requirement research result role rule sample scenario section sense sentence
    sequence series set shape side sign situation size slide solution sort source
    stage start state statement step strategy student structure study subject summary
    symbol system table task technique term test text theory thing time title tool
    topic total type understanding unit use user value variation variety version view
    way week word work world year
    """
)

# What ties a sentence to the one before it.
LEAD_ADVERBS = word_set(
    """
    accordingly additionally again also alternatively another besides consequently
    conversely equally finally first firstly furthermore generally hence here however
    indeed instead lastly likewise meanwhile moreover nevertheless next nonetheless
    otherwise overall rather second secondly similarly specifically still subsequently
    then therefore third thirdly thus too typically ultimately usually yet
    """
)

# "X is an example of ..." says nothing that defines X.
NO_HYPERNYM = word_set(
    """
    advantage answer aspect attempt benefit bit case cause challenge choice
    component consequence couple disadvantage discussion element example exception
    fact factor feature few function goal good handful idea illustration important
    indication instance issue key lot majority matter member mistake number one part
    piece portion problem purpose reason result step subset summary thing topic
    variation way
    """
)

# A sentence that begins so leans on the one before it.
LEANING_OPENERS = word_set(
    """
    accordingly additionally afterwards again also alternatively although and another
    as because besides both but consequently conversely earlier either else
    especially eventually ex example finally first firstly fortunately further
    furthermore hence here however if instead it its later lastly likewise meanwhile
    moreover neither nevertheless next nonetheless nor notably now one or other others
    otherwise rather recently second secondly several similarly since so some
    specifically still subsequently such than that their then there therefore these
    they third this those though thus together too unfortunately unlike until what
    when where whereas whether which while who why yet
    he she his her him them we you i our your my us let
    """
)

# Anywhere in a sentence these point outside it or at the reader.
LEANING_WORDS = word_set(
    """
    above aforementioned below conversely earlier furthermore hence here hereafter
    however instead latter likewise moreover nevertheless nonetheless our ours
    previously similarly therefore thus we us you your yours i my me let's likely
    """
)

PRONOUNS = word_set("it they them he she him these those this")

IMPERATIVES = word_set(
    """
    add ask assume calculate call check choose click compare compute consider
    construct create define describe discuss display draw enter estimate evaluate
    examine explain explore find follow give identify illustrate imagine install keep
    learn let list look make match note notice observe obtain open outline picture
    pick plot press read recall remember review run save say see select show sketch
    solve state suppose take tell think try turn type use visit watch write
    """
)

# Words whose exchange makes a true sentence false, whatever the subject. Pairs that
# can both hold (before and after, more and less) are left out on purpose.
ANTONYMS = (
    ("increase", "decrease"),
    ("increases", "decreases"),
    ("increased", "decreased"),
    ("increasing", "decreasing"),
    ("rise", "fall"),
    ("rises", "falls"),
    ("rising", "falling"),
    ("higher", "lower"),
    ("highest", "lowest"),
    ("maximum", "minimum"),
    ("maximize", "minimize"),
    ("maximise", "minimise"),
    ("horizontal", "vertical"),
    ("horizontally", "vertically"),
    ("upward", "downward"),
    ("rightward", "leftward"),
    ("to the right", "to the left"),
    ("positive", "negative"),
    ("positively", "negatively"),
    ("internal", "external"),
    ("inside", "outside"),
    ("inner", "outer"),
    ("largest", "smallest"),
    ("faster", "slower"),
    ("stronger", "weaker"),
    ("mutable", "immutable"),
    ("reversible", "irreversible"),
    ("renewable", "non-renewable"),
    ("voluntary", "involuntary"),
    ("permanent", "temporary"),
    ("attract", "repel"),
    ("attracts", "repels"),
    ("can", "cannot"),
    ("has", "lacks"),
    ("have", "lack"),
)

OPPOSITES = {
    **dict(ANTONYMS),
    **{second: first for first, second in ANTONYMS},
}

_VERBS = word_set(
    """
    absorb accelerate accept act activate adapt add adjust affect aid aim allow analyse
    analyze appear apply arise arrange assemble assign assist assume attach attack
    attract balance begin belong bind block break bring build call capture carry catch
    cause change check cleave coat collect combine come communicate compare compete
    compile compress compute conduct connect consist constitute construct consume
    contain continue contribute control convert convey cool coordinate copy correspond
    count cover create cross cut deal decide declare decrease define degrade deliver
    demand depend derive describe destroy detect determine develop differ digest direct
    discover display dissolve distribute divide drive eat elect eliminate emerge emit
    employ enable enclose encode encourage enforce engulf ensure enter establish
    evaluate examine exceed exchange execute exist expand explain export expose express
    extend extract facilitate fall fight filter find fix flow focus follow force form
    fuel generate give govern grant grow guard guide handle happen harvest hear heat
    help hold house identify illustrate import improve include increase indicate
    influence inform inhibit initiate inject insert inspect integrate interact invent
    involve join keep kill know label lead learn leave let lie limit link list live
    locate lose lower maintain make manage mark match measure mediate meet migrate
    minimise minimize model modify move multiply need neutralise neutralize obtain occur
    offer open operate oppose organise organize originate own oxidise oxidize pass pay
    perform permit play point possess precede predict prefer prepare present preserve
    prevent print process produce prohibit promote propose protect prove provide
    publish pull pump push raise range reach react read receive recognise recognize
    record recycle reduce reflect regulate reject relate release rely remain remove
    repair repeat replace replicate represent reproduce require resemble resist respond
    restrict result return reveal rise rotate rule run search secrete seek select sell
    send separate serve set shape share shift show signal simplify slow solve sort span
    specify spend split spread stabilise stabilize stand start state stay stimulate stop
    store strengthen suggest supply support surround swell synthesise synthesize take
    target tell tend test trace track transfer transform translate transmit transport
    trap travel treat trigger turn unite use vary weaken work write
"""
)

_IRREGULAR_PAST = {
    "arose": "arise", "became": "become", "began": "begin", "bound": "bind",
    "broke": "break", "brought": "bring", "built": "build", "came": "come",
    "caught": "catch", "chose": "choose", "drew": "draw", "drove": "drive",
    "fell": "fall", "fought": "fight", "found": "find", "gave": "give",
    "grew": "grow", "held": "hold", "kept": "keep", "knew": "know",
    "laid": "lay", "led": "lead", "left": "leave", "lost": "lose",
    "made": "make", "met": "meet", "rose": "rise", "sent": "send",
    "sold": "sell", "spent": "spend", "split": "split", "stood": "stand",
    "spread": "spread", "told": "tell", "took": "take", "went": "go",
    "won": "win", "wrote": "write",
}  # fmt: skip


def _third(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


# Words that are nouns in the third person as often as verbs would turn compounds such
# as "demand curve shifts" into clauses; they are left out of what follows a subject.
VERBS_PLURAL = _VERBS
VERBS_SINGULAR = frozenset(_third(verb) for verb in _VERBS)
PAST_TO_BASE = {_past(verb): verb for verb in _VERBS} | _IRREGULAR_PAST

IRREGULAR_PARTICIPLES = word_set(
    """
    born bound bought broken brought built carried caught chosen cut done drawn driven
    fed felt formed found fought given gone grown held hidden kept known laid led left
    lost made meant met paid put read said seen sent set shown sold spent split spoken
    spread stored taken taught thought told understood won worn written
    """
)

# Verb forms that are hardly ever nouns: at the edge of a phrase they betray a clause.
HARDLY_NOUNS = word_set(
    """
    absorbs accepts achieves acquires adapts adds allows appears applies arises
    assumes becomes begins belongs brings captures carries catches chooses collects
    comes compares computes connects consists constructs consumes contain contains
    continues contributes converts creates defines delivers depends derives describes
    destroys detects determines develops differs digests discovers distributes
    divides emerges emits enables encloses encodes encourages ensures enters
    establishes evaluates examines executes exists expands explains expresses
    facilitates finds follows gains generates gets gives goes governs grows happens
    has have identifies identify illustrates improves include includes indicates
    inhibits interacts invents involve involves keeps lets lies loses maintain
    maintains makes mediates meets obtains occurs operates opposes organises
    organizes owns performs possesses precedes predicts prefers prevents produces
    promotes protects proves provide provides publishes reacts receives recognises
    recognizes reduces reflects refers regulates rejects relates relies remains
    removes replicates represents reproduces require requires resembles responds
    reveals secretes seeks selects sends separates serves simplifies solves
    stabilises stabilizes stays stimulates strengthens suggests surrounds takes
    tells tends transmits uses varies weakens
    """
)

# Plurals that do not end in s, and singulars that do.
IRREGULAR_PLURALS = word_set(
    """
    algae alumni antennae archaea axes bacteria cacti children cilia crises criteria
    data fungi genera larvae loci media men mice mitochondria nuclei people phenomena
    police radii ribosomes septa spectra stimuli strata vertebrae viri women villi foci nuclei bronchi alveoli
    """
)
NOUNS_IN_LY = word_set(
    """
    ally anomaly assembly butterfly duopoly family fly jelly lily monopoly monopsony
    oligopoly reply subassembly subfamily superfamily supply
    """
)
SINGULAR_IN_S = word_set(
    """
    alias analysis apparatus atlas basis bias bus canvas chaos class corpus economics
    electronics ethics gas genetics genesis glass glycolysis hypothesis lens linguistics
    logistics mathematics mechanics news optics physics politics process series species
    statistics status stress synthesis virus
    """
)
ABBREVIATIONS = word_set(
    """
    abb al apr approx art asst aug ave bd biol bzw ca cap cf ch chap co col corp dec
    dept dr ed eds eq eqn esp est etc ex excl feb fig figs geb gen gov incl inc int jan
    jr jul jun lit ltd mar max med min mio mr mrs ms mt nat no nos nov nr oct op orig p
    pp prof ref refs resp rev sci sec sen sep sept sp spp sr st std str tab trans u.a
    univ usw v vgl vol vols vs z.b d.h i.e e.g a.m p.m u.s u.k ph.d ee.uu sra sres
    pág págs art núm av bsp ggf sog m
    """
)
