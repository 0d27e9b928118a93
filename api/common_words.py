"""What many passwords are made of, in the six languages: words, names, keys side by side.

Put together for this service. Written in small letters without accents; endings, capitals and
swapped letters are taken off a password before it is compared (`api/passwords.py`).
"""

from collections.abc import Iterator

SAME_EVERYWHERE = """
    admin administrator root user username login guest test tester testing demo system server
    master access changeme letmein default temp internet computer windows linux android iphone
    samsung google facebook instagram twitter whatsapp youtube tiktok spotify netflix amazon
    microsoft apple nokia sony nintendo playstation xbox minecraft fortnite roblox pokemon
    pikachu mario zelda naruto batman superman spiderman ironman starwars skywalker jedi matrix
    hunter ranger ninja samurai dragon phoenix tiger panther lion wolf eagle falcon shadow ghost
    killer rocker metal rock music guitar piano ferrari porsche mercedes bmw audi toyota honda
    yamaha kawasaki harley mustang corvette volvo skoda fiat seat renault football soccer hockey
    tennis basketball baseball volleyball golf yoga karate erasmus europa europe euro mobility
    company office manager boss qwertyuiop qwerty qwertz azerty asdf zxcvbn pass passw abc xyz
    alpha beta gamma delta omega sigma zero cool super mega ultra hello hallo hola ola hei moi
    vip king queen prince princess angel devil diablo satan jesus maria god love sex hot baby
"""

OF_LANGUAGE = {
    "en": """
        password passwd passphrase secret welcome sunshine iloveyou ilove you loveyou lovely lover
        mylove trustno trust monkey charlie michael jordan jennifer jessica ashley michelle daniel
        andrew joshua thomas robert william george david james john peter mary anna hannah summer
        winter spring autumn flower cookie chocolate banana cheese pepper ginger coffee orange
        purple yellow silver golden black white green blue red freedom whatever nothing forever
        friend friends family mother father sister brother happy smile buster maggie buddy bailey
        bella lucky rainbow unicorn butterfly kitty cat dog puppy horse teddy bear computer
        school student teacher work monday tuesday wednesday thursday friday saturday sunday
        january february march april may june july august september october november december
        england london liverpool chelsea arsenal manchester united city
    """,
    "es": """
        contrasena contrasenya clave secreto secreta acceso bienvenido bienvenida hola amigo amiga
        amor teamo tequiero teamomucho miamor mivida corazon estrella cielo sol luna mar playa
        verano invierno otono primavera familia madre padre mama papa hermano hermana hijo hija
        perro gato caballo princesa reina rey angel alejandro alejandra carlos jose juan javier
        antonio manuel miguel fernando daniel david pablo sergio lucia maria carmen ana laura
        marta paula sara cristina isabel rosa lunes martes miercoles jueves viernes sabado domingo
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
        espana madrid barcelona sevilla valencia castilla leon salamanca valladolid burgos
        realmadrid barca atletico betis futbol escuela trabajo alumno profesor usuario
    """,
    "pt": """
        senha palavrapasse palavra passe chave segredo secreto acesso bemvindo benvindo ola amigo
        amiga amor teamo amote meuamor minhavida coracao estrela ceu sol lua mar praia verao
        inverno outono primavera familia mae pai irmao irma filho filha cao gato cavalo princesa
        rainha anjo joao jose antonio manuel pedro miguel francisco tiago diogo rui ana maria
        mariana beatriz carolina ines joana sofia rita catarina segunda terca quarta quinta sexta
        sabado domingo janeiro fevereiro marco abril maio junho julho agosto setembro outubro
        novembro dezembro portugal lisboa porto braga coimbra algarve benfica sporting fcporto
        futebol escola trabalho aluno professor utilizador brasil saudade
    """,
    "fi": """
        salasana salainen salaisuus avain kirjaudu tervetuloa moikka terve hei kaveri ystava
        rakkaus rakas kulta rakastan mina sina minarakastansinua sydan tahti taivas aurinko kuu
        meri ranta kesa talvi syksy kevat perhe aiti isa veli sisko poika tytto koira kissa
        hevonen karhu hirvi prinsessa kuningas enkeli mikko matti jukka pekka timo antti juha
        jari kari heikki anna maria liisa tiina aino helmi sofia emma eero onni leo maanantai
        tiistai keskiviikko torstai perjantai lauantai sunnuntai tammikuu helmikuu maaliskuu
        huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu joulukuu suomi
        finland helsinki tampere turku oulu savonlinna perkele saatana paska vittu jaakiekko
        jalkapallo koulu oppilas opettaja tyo sauna sisu muumi kayttaja
    """,
    "de": """
        passwort kennwort geheim geheimnis schluessel schlussel zugang willkommen hallo freund
        freundin liebe ichliebedich liebedich schatz schatzi mein maus hase engel teufel herz
        stern himmel sonne mond meer strand sommer winter herbst fruehling fruhling familie
        mutter vater mama papa bruder schwester sohn tochter hund katze pferd prinzessin koenig
        konig andreas thomas michael stefan christian martin peter klaus hans frank lukas leon
        jonas felix paul anna maria julia laura lena sarah lisa sandra nicole sabine petra montag
        dienstag mittwoch donnerstag freitag samstag sonntag januar februar maerz marz april mai
        juni juli august september oktober november dezember deutschland berlin hamburg muenchen
        munchen koeln koln paderborn bayern dortmund schalke borussia bvb fussball schule arbeit
        schueler schuler lehrer benutzer ficken arschloch scheisse qwertzuiop
    """,
    "pl": """
        haslo sekret tajne tajemnica klucz dostep witaj witam czesc przyjaciel kolega milosc
        kocham kochamcie cie kochanie moje skarb serce gwiazda niebo slonce ksiezyc morze plaza
        lato zima jesien wiosna rodzina mama tata matka ojciec brat siostra syn corka pies kot
        kon misiu misiek kotek krolowa ksiezniczka aniol diabel bartek kamil mateusz michal
        piotr pawel tomek tomasz krzysztof marcin lukasz kuba jakub adam anna kasia katarzyna
        agnieszka monika karolina natalia ola zuzia julia maja poniedzialek wtorek sroda czwartek
        piatek sobota niedziela styczen luty marzec kwiecien maj czerwiec lipiec sierpien
        wrzesien pazdziernik listopad grudzien polska warszawa krakow lublin lodz wroclaw gdansk
        poznan legia wisla lech matrix kurwa dupa pilka nozna szkola praca uczen nauczyciel
        uzytkownik
    """,
}

KEYS_IN_A_ROW = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm",
    "wxcvbn", "abcdefghijklmnopqrstuvwxyz", "12345678901234567890", "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0", "1a2b3c4d5e6f", "a1b2c3d4e5f6", "qazwsxedcrfvtgbyhnujm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qawsedrftgyhuj", "159753", "147258369", "963852741",
    "zaqwsxcde", "zaq1xsw2cde3vfr4",
)  # fmt: skip
"""Keys that lie side by side, on the keyboards of the six languages, and the alphabet."""

SHORTEST_WALK = 3
"""From so many keys in a row on they count as one piece."""


def words() -> frozenset[str]:
    """Every word of the tables."""
    return frozenset(" ".join((SAME_EVERYWHERE, *OF_LANGUAGE.values())).split())


def walks() -> Iterator[str]:
    """Every piece of keys in a row, to the right and to the left."""
    for row in KEYS_IN_A_ROW:
        for keys in (row, row[::-1]):
            for start in range(len(keys)):
                for end in range(start + SHORTEST_WALK, len(keys) + 1):
                    yield keys[start:end]
