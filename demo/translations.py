"""The invented campaign in the other languages of the site: for each text as it was written first, what it is there."""

from __future__ import annotations

from demo import campaigns as data

HEADLINE = f"What is in our river? .@{data.EXAMPLE.handle}, publish the report. #{data.EXAMPLE.hashtag}"

WORDINGS: dict[str, dict[str, str]] = {
    "ar": {
        HEADLINE: f"ماذا في نهرنا؟ .@{data.EXAMPLE.handle} انشروا التقرير. #{data.EXAMPLE.hashtag}",
        "The report on the water of the Example River is published, whole.": "يُنشر تقرير مياه نهر المثال كاملًا.",
        data.EXAMPLE_STORY: (
            "نفقت الأسماك في نهر المثال في الربيع. أمرت وزارة الأمثلة بفحص المياه، واحتفظت بالتقرير لنفسها منذ ذلك الحين.\n\n"
            "الناس يشربون من هذا النهر. من حقهم أن يعرفوا ما فيه، وتوقيع واحد من الوزارة يكفي لنشر التقرير.\n"
        ),
        data.EXAMPLE_NOTICE: (
            "**كل ما في هذه الحملة مُختلَق:** الوزارة والنهر والأشخاص والتغريدات التي يصنعها برنامج محاكاة على هذا الجهاز. "
            "يُرجى عدم نشر نصوصها."
        ),
        "Open the river report": "افتحوا تقرير النهر",
        "To the Ministry of Examples: publish the report on the water of the Example River, whole and at once.": (
            "إلى وزارة الأمثلة: انشروا تقرير مياه نهر المثال كاملًا وفورًا."
        ),
        "Ministry of Examples": "وزارة الأمثلة",
        "It ordered the report and alone decides whether it is published.": "هي التي طلبت التقرير، وهي وحدها تقرر نشره.",
        "If posting under your name could harm you, signing is enough: nobody sees that you did, unless you ask for it.": (
            "إن كان النشر باسمك قد يضرّك فالتوقيع يكفي: لا أحد يرى أنك وقّعت إلا إذا طلبت ذلك."
        ),
        "Publish the report on the water of the Example River": "نشر تقرير مياه نهر المثال",
        "Say in public by when the river is clean": "الإعلان عن موعد يصبح فيه النهر نظيفًا",
        "The report is handed to the ministry": "تسليم التقرير إلى الوزارة",
        "Everybody tweets at the ministry": "الجميع يغرّد إلى الوزارة",
        "The council debates the river": "المجلس يناقش وضع النهر",
        "Exampleton": "مدينة المثال",
        "The first thousand": "الألف الأولى",
        "More than a thousand of you have signed. The ministry has not said a word.": (
            "وقّع أكثر من ألف منكم، ولم تقل الوزارة كلمة واحدة."
        ),
    },
    "fr": {
        HEADLINE: f"Qu’y a-t-il dans notre rivière ? .@{data.EXAMPLE.handle}, publiez le rapport. #{data.EXAMPLE.hashtag}",
        "The report on the water of the Example River is published, whole.": (
            "Le rapport sur l’eau de la rivière Exemple est publié, en entier."
        ),
        data.EXAMPLE_STORY: (
            "Au printemps, des poissons sont morts dans la rivière Exemple. Le ministère des Exemples a fait analyser l’eau et "
            "garde depuis le rapport pour lui.\n\n"
            "Des gens boivent cette eau. Ils ont le droit de savoir ce qu’elle contient, et une seule signature du ministère suffit "
            "pour publier le rapport.\n"
        ),
        data.EXAMPLE_NOTICE: (
            "**Tout est inventé dans cette campagne :** le ministère, la rivière, les personnes et les tweets, qu’un simulateur "
            "produit sur cette machine. Merci de ne pas publier ses textes."
        ),
        "Open the river report": "Ouvrez le rapport sur la rivière",
        "To the Ministry of Examples: publish the report on the water of the Example River, whole and at once.": (
            "Au ministère des Exemples : publiez le rapport sur l’eau de la rivière Exemple, en entier et sans délai."
        ),
        "Ministry of Examples": "Ministère des Exemples",
        "It ordered the report and alone decides whether it is published.": (
            "Il a commandé le rapport et décide seul de sa publication."
        ),
        "If posting under your name could harm you, signing is enough: nobody sees that you did, unless you ask for it.": (
            "Si publier sous votre nom peut vous nuire, signer suffit : personne ne le voit, sauf si vous le demandez."
        ),
        "Publish the report on the water of the Example River": "Publier le rapport sur l’eau de la rivière Exemple",
        "Say in public by when the river is clean": "Dire publiquement quand la rivière sera propre",
        "The report is handed to the ministry": "Le rapport est remis au ministère",
        "Everybody tweets at the ministry": "Tout le monde tweete au ministère",
        "The council debates the river": "Le conseil débat de la rivière",
        "The first thousand": "Les mille premières",
        "More than a thousand of you have signed. The ministry has not said a word.": (
            "Vous êtes plus de mille à avoir signé. Le ministère n’a pas dit un mot."
        ),
    },
    "es": {
        HEADLINE: f"¿Qué hay en nuestro río? .@{data.EXAMPLE.handle}, publicad el informe. #{data.EXAMPLE.hashtag}",
        "The report on the water of the Example River is published, whole.": (
            "El informe sobre el agua del río Ejemplo se publica entero."
        ),
        data.EXAMPLE_STORY: (
            "En primavera murieron peces en el río Ejemplo. El Ministerio de Ejemplos mandó analizar el agua y desde entonces se "
            "guarda el informe.\n\n"
            "Hay gente que bebe de este río. Tiene derecho a saber qué lleva, y al ministerio le basta una firma para publicar el "
            "informe.\n"
        ),
        data.EXAMPLE_NOTICE: (
            "**Todo en esta campaña es inventado:** el ministerio, el río, las personas y los tuits, que genera un simulador en "
            "esta máquina. Por favor, no publiques sus textos."
        ),
        "Open the river report": "Abrid el informe del río",
        "To the Ministry of Examples: publish the report on the water of the Example River, whole and at once.": (
            "Al Ministerio de Ejemplos: publicad el informe sobre el agua del río Ejemplo, entero y de inmediato."
        ),
        "Ministry of Examples": "Ministerio de Ejemplos",
        "It ordered the report and alone decides whether it is published.": (
            "Encargó el informe y es el único que decide si se publica."
        ),
        "If posting under your name could harm you, signing is enough: nobody sees that you did, unless you ask for it.": (
            "Si publicar con tu nombre puede perjudicarte, basta con firmar: nadie lo ve, salvo que tú lo pidas."
        ),
        "Publish the report on the water of the Example River": "Publicar el informe sobre el agua del río Ejemplo",
        "Say in public by when the river is clean": "Decir en público cuándo estará limpio el río",
        "The report is handed to the ministry": "El informe se entrega al ministerio",
        "Everybody tweets at the ministry": "Todo el mundo tuitea al ministerio",
        "The council debates the river": "El consejo debate sobre el río",
        "The first thousand": "Las mil primeras",
        "More than a thousand of you have signed. The ministry has not said a word.": (
            "Habéis firmado más de mil personas. El ministerio no ha dicho ni una palabra."
        ),
    },
}

PARTS: dict[str, dict[str, list[str]]] = {
    "ar": {
        "opening": [
            "كبرتُ وأنا أسبح في نهر المثال.",
            "يسألني أطفالي لماذا نفقت الأسماك، وليس عندي جواب.",
            "نحن نشرب من هذا النهر كل يوم.",
        ],
        "fact": [
            "فُحصت المياه قبل أشهر.",
            "هناك تقرير دفعنا ثمنه جميعًا.",
            "لم يطّلع أحد خارج الوزارة على النتائج.",
        ],
        "ask": [
            "نرجو نشر تقرير المياه يا {target}.",
            "دعونا نقرأ التقرير يا {target}.",
            "ماذا يقول التقرير يا {target}؟",
        ],
    },
    "fr": {
        "opening": [
            "J’ai grandi en me baignant dans la rivière Exemple.",
            "Mes enfants demandent pourquoi les poissons sont morts, et je ne sais que répondre.",
            "Nous buvons l’eau de cette rivière tous les jours.",
        ],
        "fact": [
            "L’eau a été analysée il y a des mois.",
            "Un rapport existe, et nous l’avons tous payé.",
            "Personne hors du ministère n’a vu les résultats.",
        ],
        "ask": [
            "{target}, publiez le rapport sur l’eau, s’il vous plaît.",
            "Laissez-nous lire le rapport, {target}.",
            "{target}, que dit le rapport ?",
        ],
    },
    "es": {
        "opening": [
            "Crecí bañándome en el río Ejemplo.",
            "Mis hijos preguntan por qué murieron los peces, y no sé qué decirles.",
            "Bebemos de este río todos los días.",
        ],
        "fact": [
            "El agua se analizó hace meses.",
            "Hay un informe, y lo hemos pagado entre todos.",
            "Nadie fuera del ministerio ha visto los resultados.",
        ],
        "ask": [
            "{target}, publicad el informe del agua, por favor.",
            "Dejadnos leer el informe, {target}.",
            "{target}, ¿qué dice el informe?",
        ],
    },
}
