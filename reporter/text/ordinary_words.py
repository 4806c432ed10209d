"""Ordinary words that are also family names: in lower case they are words, and only with a capital may they be names.

Collected by hand from names in use in English, French, Spanish, Portuguese, German and Italian; folded as `folding`
folds. A family name that is missing here is found in lower case too, which an editor can waive.
"""

_ORDINARY = """
    abbot able abril acres agosto alba alto amor ancient andes aout apple april archer arena armour arms arrow art ash
    august autumn avril back baker ball band bang bank banks barber bare bark barn baron barrel base basil bass bay
    beach beam bean bear beard beau beer begum bell belt bench berg best better bill bird bishop black blanc blanco
    bland blank bliss block bloom blue board bois bold bolt bond bone book booth born bosch both bottom boulanger
    bound bow bowl box boy brace branch brand braun brave bravo break brew brick bride bridge bright brink broad brook
    brooks brown brun buck bueno bull bun burn burns bush butcher butler butter button bye call calle camp campo can
    candy cannon canon cap car card care carpenter carter carver casa case cash castle cat cave chair chalk chambers
    champion chance chandler change chaplain charity charm chase chat cheap check cherry chief child childs church
    citizen city claro clay clear clerk close cloud coach coal coast coin cold collar combs comfort common constant
    conte cook cooper coral corn corner corona cost costa cotton couch counts court cousin cover cow coward craft
    crane creed cross crow crown cuesta curry curtain daily dale dance dark data date day days deal dean dear deep
    deer diet dimanche dish dock dog doll door dove down draper drew driver drum drummer duck duke dunk dust duty
    eager earl early east easter easy eden else english even ever every fair fairy faith fall far farm farmer farrier
    fast father fear feather feliz field fields fighter file fin fine finger fire fish fisher fisherman flag flair
    fleet fleur flint flood floor flower flowers foot forbes force ford foreman forest forester forge fort forte
    fortune forward foster fox franco frank free freedom freeman frei french fried friend fromm frost fuente fuerte
    fuller funk gain gallo gamble game garage garden gardener gate gates gay gentle gentry german gift glass glover
    goals god gold golden good grace grand grande grant grass gray great greek green grey groom gross grove groves
    grow grund guard guerra guerrero guest gut guy hack hahn hail hair hall ham hammer hand hands handy happy harder
    hardy harm harp harvest haven hawk hay head health heard heart heaven held hell help herb herd herder here hermit
    hero hidden hierro hill hills hirsch holiday holy home hood hook hooker hope horn horse house how hull hunt hunter
    husband ice ireland iron island ivory jail jam janvier jardin jeudi jeune jewel jolly jour journey joy judge
    juillet july june jung junior just justice keen keep key keys kind king knight knock knot know kraft kunst kurz
    labour lace lake lamb land lane large lark last law lawless lawn lay leader leaf legal licht lieb light lily line
    lion list little live lively loan lobo lock long look lord loss lot love lovely low luck luna lundi lust luz mace
    maire maison major man mar march marchand marche mardi mark market marks mars marsh martes marzo mason master
    match may mayor mead meer mejor melody mercy merit merry mild miles mill miller mills mine miner mint mitte moat
    mole monk moon moor morgen morning moro moss moulin mount mountain must nail nation near neck need neu neuer neuf
    new nice nickel night noble noir noon north nun nur nurse oak oder off offer old olive on only open orange orchard
    order our over own ox pace pack page paige pain painter palm paris park parker parks part pass past pastor patron
    paz peace peacock peak pearl peck peers pena penny people pepper person petit phoenix pick pike pilgrim pine pinto
    pipe piper place plain plank plant plata plaza plum point pole pollard pond pont ponte pool poor pope port porter
    post potter pound pounds powder power powers prado pray preacher price pride priest prime prince prior proctor
    proud purse quest quick rain ram ramp ranger rank rat raven ray read reader real recht rector red redondo reed
    reeve regal reich rein reis rey rice rich riches ride ridge right ring rio rios river rivers road rock roi rojo
    roman romance rome roof root rosa rose roses round rousse royal rude ruin rule rush rust sage sail saint sala salt
    same samedi sand sands sauer savage say schnell scholar school sea seal season sharp shaw sheep shell shepherd
    ship shoemaker shore short shower sierra sign silver simple singer single six skinner sky small smart snow sol
    soleil song south spark sparks speaker speed spring spruce square stack staff stag stall stand star stark state
    steel stern still stock stone store storm story stout strange stranger street strength strong stump such summer
    summers sun sure sutter swan sweet swift sword table tailor tall tanner teller temple tender terra than thing
    think thorn thunder tierra tiger tile till time toll tomb too tor tower towers town trade tree trigger true trump
    trust tucker turner twist vale valet valiente valle vallee vela verde vert vida walker wall wanted war ward warden
    warm warner wash waste watchman water waters way weaver week weeks weir well wells west wheat wheel wheeler while
    white wicker wide wild will willow wills wind winner winter wise wolf wonder wood woods woodward word work worker
    worth wren wunder yard year york young
"""
ORDINARY_WORDS = frozenset(_ORDINARY.split())

# Words before a name, folded: they are no part of it, and after one of them a name stands.
_TITLES = """
    mr mrs ms miss mx dr prof professor sir dame lady lord amb ambassador minister hon honourable honorable rev
    judge senator madam sheikh sheikha
    mme mlle monsieur madame maitre docteur professeur ambassadeur ambassadrice ministre
    sr sra srta senor senora senorita doctor doctora profesor profesora embajador embajadora ministro ministra
    embaixador embaixadora herr frau botschafter botschafterin ministerin signor signora dott ambasciatore
    bapak ibu bayan
    господин госпожа посол министр
"""
TITLES = frozenset(_TITLES.split())

# Those of them that are offices: "Minister for trade", "Ambassadeur de France".
_OFFICES = """
    minister ambassador judge senator ministre ambassadeur ambassadrice embajador embajadora ministro ministra
    embaixador embaixadora botschafter botschafterin ministerin ambasciatore министр посол
"""
OFFICES = frozenset(_OFFICES.split())

# What people are called by their part in a session, folded: neither a name nor a hint to one.
_ROLES = """
    moderator chair chairs chairman chairwoman chairperson cochair speaker speakers panellist panelist panellists
    panelists facilitator host rapporteur discussant presenter organiser organizer secretariat participant participants
    audience adviser advisor expert experts delegate delegates official officials officer officers president minister
    ministers director directors secretary ambassador commissioner representative representatives head deputy vice
    general executive senior chief staff member members tba tbc tbd various unknown
    moderateur moderatrice presidente president animateur intervenant ministre directeur directrice representant
    moderador moderadora ponente ministro ministra director directora representante
"""
ROLES = frozenset(_ROLES.split())

# Small words inside a name, folded: "van der Berg", "de Silva", "Al-Farsi".
_PARTICLES = """
    de da do dos das del della delle di du des la le las los lo van von der den ter ten te zu zum zur af av
    bin bint binti ibn ben abu abd al el ul ur e y i und and st san santa
"""
PARTICLES = frozenset(_PARTICLES.split())
