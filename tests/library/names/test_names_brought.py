"""Files as people bring them: each loads, or its refusal says what it is and prints a call that reads it.

All names are invented.
"""

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lstm_lib.data import load_names
from lstm_lib.names import files
from lstm_lib.names.clean import clean_name

MTV = ["mirla", "tobbel", "venna"]
MV = ["mirla", "venna"]
SKIP = {"skip_faulty": True}
CP1250 = "imię;płeć\nŁunka;K\nWojsław;M\nŚmirla;K\n".encode("cp1250")
REST = b"\0" * 600

# file name, content, the options that its refusal prints, the names that they read
REFUSED_WITH_CALL: dict[str, tuple[str, bytes, dict[str, Any], list[str]]] = {
    # names under another title
    "German": (
        "a.csv", "anzahl;vorname;geschlecht\n257;Mirla;w\n170;Tobbel;m\n109;Änni;w\n".encode(), {"column": "vorname"},
               ["mirla", "tobbel", "änni"]),
    "a number for a title": ("a.csv", b"Vorname,1\nMirla,x\nTobbel,y\n", {"column": "Vorname"}, ["mirla", "tobbel"]),
    "a heading above a title": ("a.csv", b"the list of 2024\nVorname\nMirla\nTobbel\n", {"column": "Vorname"},
                                ["mirla", "tobbel"]),
    "one of ten columns": (
        "a.csv",
        b'"id","title","first_name","last_name","city","year","sex"\n"1","","Mirla","Otten","Urk","1990","F"\n'
        b'"2","","Jan Piet","Boll","Ede, new","1991","M"\n',
        {"column": "first_name"}, ["mirla", "jan piet"],
    ),
    "French, tabs": (
        "a.txt", "sexe\tprénom\tannée\n1\tMirlaine\t1990\n2\tToblin\t1990\n".encode(), {"column": "prénom"},
                     ["mirlaine", "toblin"]),
    "French, without its accent": ("a.csv", b"nom;prenom\nOrrikard;Mirlaine\nBollard;Toblin\n", {"column": "prenom"},
                                   ["mirlaine", "toblin"]),
    "Spanish": ("a.csv", b"provincia,nombre,frecuencia\nUrk,MIRLITA,12\nUrk,TOBELO,9\n", {"column": "nombre"},
                ["mirlita", "tobelo"]),
    "Polish, upper case": ("a.csv", "IMIĘ_PIERWSZE,PŁEĆ,LICZBA\nMIRŁA,K,12\nTOBEŁ,M,9\n".encode(),
                           {"column": "IMIĘ_PIERWSZE"}, ["mirła", "tobeł"]),
    "Russian, pipes": (
        "a.txt", "№|Имя|Пол\n1|Мирла|Ж\n2|Тоббель|М\n".encode(), {"column": "Имя"}, ["мирла", "тоббель"]),
    "Japanese": ("a.csv", "順位,名前\n1,ミルラ\n2,トベル\n".encode(), {"column": "名前"}, ["ミルラ", "トベル"]),
    "Hebrew, with an abbreviation": ("a.csv", 'שם,count\n"כ""ץ",5\n'.encode(), {"column": "שם"}, ["כ״ץ"]),
    "Turkish": ("a.csv", "il;adı;yıl\nUrk;Mirla;1990\nEde;Mirla;1991\n".encode(), {"column": "adı"}, ["mirla"] * 2),
    "a family's name, and a title that nobody knows": ("a.csv", b"Last name;Zzyx\nOtten;Mirla\nBoll;Mirla\n",
                                                       {"column": "Zzyx"}, ["mirla", "mirla"]),
    "a first word over numbers": ("a.csv", b"First year;Zzyx\n1990;Mirla\n1991;Venna\n", {"column": "Zzyx"}, MV),
    "two columns below a line": ("a.csv", b"Table 1: Top names,,\nRank,Girls,Boys\n1,Mirla,Tobbel\n2,Venna,Orrik\n",
                                       {"column": "Girls"}, MV),
    "numbers of rows under nothing": ("a.csv", b'"","x"\n"1","Mirla"\n"2","Venna"\n', {"column": "x"}, MV),
    "nothing over the names": ("b.csv", b";2019;2020\nMirla;1;2\nVenna;3;4\n", {"column": 0, **SKIP}, MV),
    "Chinese": ("a.csv", "性别,姓名\n女,米尔拉\n男,托贝尔\n".encode(), {"column": "姓名"}, ["米尔拉", "托贝尔"]),
    "a title of three words": ("a.csv", b"Year of Birth,Child's First Name,Rank\n2011,MIRLA,1\n2011,TOBBEL,2\n",
                               {"column": "Child's First Name"}, ["mirla", "tobbel"]),
    "a title that nobody knows": ("a.csv", b"Zzyx,Jahr,Zahl\nMirla,1990,12\nTobbel,1991,9\nVenna,1991,8\n",
                                  {"column": "Zzyx"}, MTV),
    "a list that calls itself a table": ("a.csv", b"Vorname\r\nMirla\r\nTobbel\r\n", {"column": "Vorname"},
                                         ["mirla", "tobbel"]),
    "the column with more different words": ("a.csv", b"Zzyx;Qwrt;n\nUrk;Mirla;1\nUrk;Tobbel;2\nUrk;Venna;3\n",
                                             {"column": "Qwrt"}, MTV),
    "a title alone below a line": ("a.csv", b"Top list\nname\nMirla\nVenna\n", {"column": "name"}, MV),
    # the right one of several titles
    "a village's name first": ("a.csv", b"nome_municipio,nome,sexo\nUrk,Ana,F\nEde,Ana,F\nAal,Rui,M\n",
                               {"column": "nome"}, ["ana", "ana", "rui"]),
    "a province's name first": ("a.csv", b"Nombre provincia;Nombre\nUrk;Ana\nEde;Ana\n", {"column": "Nombre"},
                                ["ana", "ana"]),
    "a mother's name first": ("a.csv", "Nome da mãe,Nome\nUrk,Ana\nEde,Ana\n".encode(), {"column": "Nome"},
                              ["ana", "ana"]),
    "a mother's name last": ("a.csv", b"first_name,first_name_mother\nAna,Urk\nAna,Ede\n", {"column": "first_name"},
                             ["ana", "ana"]),
    "two titles, one bare": ("a.csv", b"Nome bambini x;Nome\nMirla;Ana\nVenna;Ana\n", {"column": "Nome"},
                             ["ana", "ana"]),
    "Hebrew, a family's name": ("a.csv", "שם פרטי,שם משפחה\nאנה,לוי\nאנה,כהן\n".encode(), {"column": "שם פרטי"},
                                ["אנה", "אנה"]),
    "Persian, a family's name": ("a.csv", "نام,نام خانوادگی\nآنا,رضایی\n".encode(), {"column": "نام"}, ["آنا"]),
    "Greek": ("a.csv", "Επώνυμο;Όνομα\nΠαππα;Άννα\n".encode(), {"column": "Όνομα"}, ["άννα"]),
    "Bulgarian": ("a.csv", "Фамилия;Име\nИванова;Анна\n".encode(), {"column": "Име"}, ["анна"]),
    "Turkish, short": ("a.csv", b"Soyad,Ad\nKaya,Anna\n", {"column": "Ad"}, ["anna"]),
    "Ukrainian, an apostrophe": ("a.csv", "Прізвище;Імʼя\nКовна;Анна\n".encode(), {"column": "Імʼя"}, ["анна"]),
    "Ukrainian, beside a word": ("a.csv", "Zzyx;Імʼя\nOtten;Анна\nBoll;Анна\n".encode(), {"column": "Імʼя"},
                                 ["анна", "анна"]),
    "Vietnamese": ("a.csv", "Họ,Tên\nVu,Anna\n".encode(), {"column": "Tên"}, ["anna"]),
    "Hungarian": ("a.csv", "Név;Megye\nAnna;Pest\n".encode(), {"column": "Név"}, ["anna"]),
    "Romanian": ("a.csv", b"Nume,Prenume\nOtten,Ana\nBoll,Ana\n", {"column": "Prenume"}, ["ana", "ana"]),
    "boys and girls": ("a.csv", b"Boys,Girls\nTobbel,Mirla\n", {"column": "Boys"}, ["tobbel"]),
    "an ending, and a year": ("a.csv", b'"jentenavn";"2019"\n"Mirla";"3"\n', {"column": "jentenavn"}, ["mirla"]),
    # no header
    "name and count": ("b.csv", b"MIRLA,130125\nVENNA,92413\n", {"column": 0}, MV),
    "semicolons, the name last": ("b.txt", b"1;F;Mirla\n2;M;Tobbel\n3;F;Venna\n", {"column": 2}, MTV),
    "tabs, the name second": ("b.tsv", b"1\tMirla\n2\tTobbel\n3\tVenna\n", {"column": 1}, MTV),
    "quoted, \\r line ends": ("b.csv", b'"F","Mirla","3"\r"M","Tobbel","4"\r"F","Venna","5"\r', {"column": 1}, MTV),
    "SSA's columns under another name": (
        "names-of-1880.txt", b"Mirla,F,30\nTobbel,M,9\nVenna,F,8\n", {"column": 0}, MTV),
    "a list that ends in .csv": ("b.csv", b"Mirla\nTobbel\nVenna\n", {"column": 0}, MTV),
    "a list that ends in .csv, a heading inside": ("b.csv", b"Mirla\nNome\n", {"column": 0}, ["mirla", "nome"]),
    "no count in the first row": ("b.csv", b"Mirla,\nTobbel,3\nVenna,4\n", {"column": 0}, MTV),
    "no count before the first name": ("b.csv", b",Mirla\n7,Tobbel\n3,Venna\n", {"column": 1}, MTV),
    "NA in the first row": ("b.csv", b"Mirla,NA\nTobbel,3\nVenna,4\n", {"column": 0}, MTV),
    "a title's word in a row": ("b.csv", b"Mirla,12,First Avenue\nVenna,3,Main Street\n", {"column": 0}, MV),
    "a title as a place in a row": ("b.csv", b"Mirla,12,Nome\nVenna,3,Juneau\n", {"column": 0}, MV),
    "a place's kind in a row": ("b.csv", b"Mirla,Village\nVenna,Hamlet\n", {"column": 0}, MV),
    "a name that is a title elsewhere": ("b.csv", b"Ad,M\nVenna,F\n", {"column": 0}, ["ad", "venna"]),
    "lines of a program": ("b.csv", b"'Mirla',\n'Venna',\n", {"column": 0}, MV),
    # lines above the table, and below
    "lines above and notes below": (
        "c.csv",
        b'Contents,,\n,,\n,,\n,"Top names 1,2, 1996",\n,Rank,Name\n,1,MIRLA \n,2,VENNA \n,,\nSource: an office,,\n',
        SKIP, MV,
    ),
    "a line above two columns": (
        "c.txt", b"Names of Urk\nrank;name\n1;Mirla\n2;Venna\n", {"column": "name"}, MV),
    "two lines above": (
        "c.csv", b"Names of Urk\nas of 1.1.2020\nyear;name\n2019;Mirla\n2019;Venna\n", {"column": "name"},
                        MV),
    "a spreadsheet's mark": ("c.csv", b"sep=;\nName;Jahr\nMirla;2019\nVenna;2019\n", {"column": "Name"}, MV),
    "a foreign title below other lines": ("c.csv", b"Registre;;\n;;\nRang;Prenom;Total\n1;Mirlaine;3\n2;Toblin;2\n",
                                          {"column": "Prenom"}, ["mirlaine", "toblin"]),
    "one column under a heading": ("c.csv", b"Names of the village\n\nName\nMirla\nVenna\n", {"column": "Name"},
                                   MV),
    "a comment over a list": ("c.txt", b"# names of a village\nmirla\nvenna\n", SKIP, MV),
    "notes below a table": ("c.csv", b"name,count\nMirla,3\nVenna,4\n\nSource: an office\n", SKIP,
                            MV),
    "the author's line below a list": ("c.txt", b"Mirla\nVenna\n\n-- (c) 2019 the office\n", SKIP,
                                       MV),
    # a few faulty rows
    "five faulty of many": (
        "d.txt",
        b"Mirla\n" * 20 + "St. Mirla\nFox & Venna\nMirla2\nVenna♀\nUrk,\n".encode() + b"Venna\n" * 20,
        SKIP, ["mirla"] * 20 + ["venna"] * 20,
    ),
    "two fields in half of the lines": ("d.txt", b"Mirla,Otten\nTobbel\n", SKIP, ["tobbel"]),
    "blank cells in a table": ("d.csv", b"name,year\nMirla,1\n,2\n,\nVenna,3\n", SKIP, MV),
    "rows of another length": ("d.csv", b"name,year\nMirla,1\nOtten,Mirla,2\nUrk\nTobbel,2\nVenna,3\n",
                               SKIP, MTV),
    "text after a quote": ("d.csv", b'name,n\nMirla,x\n"Urk"y,z\nTobbel,"a ""b"""\nVenna,\n', SKIP, MTV),
    "a row under a note of two lines": ("d.csv", b'note;name\n"a\nb";Mirla\n;Tobb3l\n;Venna\n', SKIP,
                                        MV),
    "a rule below the titles": ("d.md", b"| name | count |\n|---|--:|\n| Mirla | 3 |\n| Venna | 4 |\n", SKIP,
                                MV),
    "the header once more": ("d.csv", b"Name,Year\nMirla,1\nName,Year\nVenna,2\n", SKIP, MV),
    # not UTF-8
    "Latin-1": ("f.csv", "name\nMirla\nÄnni\nJosella é\n".encode("latin-1"), {"encoding": "cp1252"},
                ["mirla", "änni", "josella é"]),
    "Cyrillic of old Windows": (
        "f.txt", "Мирла\nТоббель\n".encode("cp1251"), {"encoding": "cp1251"}, ["мирла", "тоббель"]),
    "Serbian of old Windows": ("f.txt", "Ђорђе\nЂурђа\n".encode("cp1251"), {"encoding": "cp1251"}, ["ђорђе", "ђурђа"]),
    "Polish of old Windows": (
        "f.csv", CP1250, {"column": "imię", "encoding": "cp1250"}, ["łunka", "wojsław", "śmirla"]),
    "an old Mac": ("f.txt", "Mirlé\nÉlla\n".encode("mac_roman"), {"encoding": "mac_roman"}, ["mirlé", "élla"]),
    "UTF-16 with a mark": ("f.csv", "name,n\nMirła,1\n".encode("utf-16"), {"encoding": "utf-16"}, ["mirła"]),
    "UTF-16 without a mark": ("f.txt", "Mirla\nVenna\n".encode("utf-16-le"), {"encoding": "utf-16-le"}, MV),
    "UTF-16, the other way": ("f.txt", "Mirla\nVenna\n".encode("utf-16-be"), {"encoding": "utf-16-be"}, MV),
    "UTF-16, as many zeros at even places": ("f.txt", "Ȁa".encode("utf-16-le"), {"encoding": "utf-16-le"}, ["ȁa"]),
    # two kinds at once
    "a foreign title and a faulty row": ("h.csv", b"vorname;n\nMirla;1\nSt. Urk;2\nVenna;3\n",
                                         {"column": "vorname", "skip_faulty": True}, MV),
    "no header and lines above": ("h.csv", b"Top names 2019\n1,Mirla\n2,Tobbel\n3,Venna\n",
                                  {"column": 1, "skip_faulty": True}, MTV),
    "names of two words in wide spaces": (
        "h.txt", b"Mirla  Otten\nVenna  Boll\n", {"column": 0}, ["mirla otten", "venna boll"]),
}  # fmt: skip

# file name, content, words of the warning ("" for none), the columns
LOADED: dict[str, tuple[str, bytes, str, dict[str, list[Any]]]] = {
    "SSA's file of a state": ("ZZ.TXT", b"ZZ,F,1910,Mirla,14\r\nZZ,M,1910,Tobbel,9\r\n", "",
                              {"name": ["mirla", "tobbel"], "sex": ["F", "M"], "year": [1910, 1910], "count": [14, 9]}),
    "SSA's file of a state, renamed": ("state.csv", b"ZZ,F,1910,Mirla,14", "",
                                       {"name": ["mirla"], "sex": ["F"], "year": [1910], "count": [14]}),
    "SSA's file of a year that got a header": ("yob1880.txt", b"Name,Sex,Count\nMirla,F,3\n", "",
                                               {"name": ["mirla"], "sex": ["F"], "year": [1880], "count": [3]}),
    "a heading over a list": ("l.txt", b"Vorname\nMirla\nVenna\n", "line 1: took 'Vorname' for the heading.*column=0",
                              {"name": MV}),
    "a French heading": ("l.txt", "Prénoms\nMirla\n".encode(), "took 'Prénoms' for the heading", {"name": ["mirla"]}),
    "a heading of two words": ("l", b"\n FIRST NAME \nMirla\n", "line 2: took 'FIRST NAME'", {"name": ["mirla"]}),
    "a heading inside a list": ("l.txt", b"Mirla\nNome\nVenna\n", "", {"name": ["mirla", "nome", "venna"]}),
    "a list that begins with a family": ("l.txt", b"Given\nMirla\n", "", {"name": ["given", "mirla"]}),
    "villages, families": ("l.txt", b"Mirla-sur-Orrike\nBoll Last\n", "", {"name": ["mirla-sur-orrike", "boll last"]}),
    "a heading in quotes": ("l.txt", b'"Nombre"\n"Mirla"\n', "took '\"Nombre\"' for", {"name": ["mirla"]}),
    "a heading below a line of prose": (
        "l.txt", b"Names of Urk\nName\nMirla\n",
        "line 1: read 'Names of Urk' as a name; .*line 2: read 'Name' as a name;.*pass column='Name'",
        {"name": ["names of urk", "name", "mirla"]},
    ),
    "a quoted list": ("l.txt", b'"Mirla"\n"Venna"\n', "", {"name": MV}),
    "blank lines in a list": (
        "l.txt", b"mirla\nvenna\n\ntobbel\n\norrik", "", {"name": ["mirla", "venna", "tobbel", "orrik"]}),
    "a count that is no number": ("n.csv", b'Name,Year,Count\nMirla,1996,"1,203"\nVenna,1996,..\nTobbel,1996,<5\n',
                                  "line 2: left out the column `count`.*'1,203'",
                                  {"name": ["mirla", "venna", "tobbel"], "year": [1996] * 3}),
    "three columns of names": ("n.csv", b"name,Vorname,Prenom\nOtten,Mirla,Venna\n", "pass column='Vorname'$",
                               {"name": ["otten"]}),
    "wide spaces in half of the lines": ("l.txt", b"Mirla  Otten\nVenna\n", "", {"name": ["mirla otten", "venna"]}),
    "a dash in half of the names": ("l.txt", b"Mirla - joy\nVenna\n", "", {"name": ["mirla - joy", "venna"]}),
    "a place called as a title is": ("n.csv", b"name,place\nMirla,City\n", "", {"name": ["mirla"]}),
    "a year in words": ("n.csv", b"name,year\nMirla,1880\nVenna,soon\n", "line 3: left out the column `year`.*'soon'",
                        {"name": MV}),
    "a negative count": ("n.csv", b"name,count\nMirla,-3\n", "left out the column `count`.*'-3'", {"name": ["mirla"]}),
    "no count": (
        "n.csv", b"name,sex,count\nMirla,F,\n", "left out the column `count`.*''", {"name": ["mirla"], "sex": ["F"]}),
    "a huge count": (
        "n.csv", b"name,count\nMirla,99999999999999999999\n", "left out the column `count`", {"name": ["mirla"]}),
    "a year in a file of a year": ("yob1880.txt", b"Name,Year\nMirla,1881\n", "", {"name": ["mirla"], "year": [1881]}),
    "a count that is missing in a file of the SSA": ("yob1880.txt", b"Mirla,F,x\n", "left out the column `count`",
                                                     {"name": ["mirla"], "sex": ["F"], "year": [1880]}),
    "sex and gender": ("n.csv", b"name,sex,gender\nMirla,F,F\n", "left out the column `sex`: more than one",
                       {"name": ["mirla"]}),
    "a family's name beside a first name": ("n.csv", b"Name;Vorname\nOtten;Mirla\n",
                                            "read 'Name'; for the names under 'Vorname', pass column='Vorname'",
                                            {"name": ["otten"]}),
    "and six more below it": ("n.csv", b"name,vorname\n" + b"Otten,Mirla\n" * 7,
                              "read 'name'; for the names under 'vorname', pass column='vorname'",
                              {"name": ["otten"] * 7}),
    "a comma in a title, parted by semicolons": (
        "e.csv", b"name;gender;Uzbek, etc.;Korea\nMirla;F;1;\nTobbel;M;;2\n", "",
                                                 {"name": ["mirla", "tobbel"], "sex": ["F", "M"]}),
    "semicolons in a note, parted by commas": ("e.csv", b'name,note\nMirla,"a; b; c; d"\n', "", {"name": ["mirla"]}),
    "commas in fields, parted by tabs": ("e.txt", b"name\tnote, or none\nMirla\ta, b, c\n", "", {"name": ["mirla"]}),
    "a sum below a table": ("n.csv", b"name,count\nMirla,3\nTotal,3\n", "line 3: read 'total' as a name.*a sum",
                            {"name": ["mirla", "total"], "count": [3, 3]}),
    "sums in other places": ("n.csv", "name,n\nΣύνολο,7\nMirla,3\nTotal general,4\nSum,1\nVenna,4\n".encode(),
                            "line 2: read 'σύνολο' .*line 4: read 'total general' as a name",
                            {"name": ["σύνολο", "mirla", "total general", "sum", "venna"]}),
    "a sum below a list": ("l.txt", b"Mirla\nI alt\n", "line 2: read 'i alt' as a name", {"name": ["mirla", "i alt"]}),
    "a name that is a sum at the end": ("l.txt", b"Mirla\nSuma\nVenna\n", "", {"name": ["mirla", "suma", "venna"]}),
    "another word beside a first name": ("n.csv", b"Name;Vorname(n);Ort\nOtten;Mirla;Urk\n",
                                         r"pass column='Vorname\(n\)'", {"name": ["otten"]}),
    "the word first": ("n.csv", b"Name,First,Age\nOtten,Mirla,3\n", "pass column='First'", {"name": ["otten"]}),
    "counts of girls and boys": ("n.csv", b"Name,Girls,Boys\nMirla,3,4\n", "", {"name": ["mirla"]}),
    "a header in another language": ("n.csv", "ID;Name;Month;\nКод;Имя;Месяц;\n1;Мирла;май;\n".encode(),
                                     "line 2: read 'Имя' as a name", {"name": ["имя", "мирла"]}),
    "a header of two lines": ("n.csv", b"Name,,Births\nFirst,Last,Count\nMirla,Otten,3\n",
                              "line 2: read 'First' as a name", {"name": ["first", "mirla"]}),
    "a header below a block": ("n.csv", b"Name,Statistics office\nYear,2020\n\nName,Count\nMirla,3\nVenna,4\n",
                               "line 4: read 'Name' as a name", {"name": ["year", "name", *MV]}),
    "quotes of every kind": (
        "l.txt", "'Mirla'\n‘Venna’\n“Tobbel”\n«Orrik»\n'Aisha\nʻIolani\n".encode(), "",
        {"name": ["mirla", "venna", "tobbel", "orrik", "'aisha", "'iolani"]}),
    "quotes around titles": ("n.csv", b"'name','n'\n'Mirla','3'\n", "", {"name": ["mirla"]}),
    "names and meanings": (
        "l.txt", "Mirla - grace\nVenna – bright\nOrrik—old\nTobbel\n".encode(),
        "most names have a dash and a word behind it, such as 'mirla - grace'",
        {"name": ["mirla - grace", "venna - bright", "orrik - old", "tobbel"]}),
    "a spreadsheet's apostrophes": ("n.csv", b"name,n\n'Mirla,3\n'Venna,4\n", "most names begin with an apostrophe",
                                    {"name": ["'mirla", "'venna"]}),
    "a numbered list": ("l.txt", b"1. Mirla\n2) Venna\n", "", {"name": MV}),
    "bullets": ("l.md", "- Mirla\n–  Venna\n• To-bel\n* Orrik\n".encode(), "",
                {"name": ["mirla", "venna", "to-bel", "orrik"]}),
    "pipes": ("e.txt", b"name|count\nMirla|3\n", "", {"name": ["mirla"], "count": [3]}),
    "a title in full width": ("e.csv", "Ｎａｍｅ,年\nミルラ,1\n".encode(), "", {"name": ["ミルラ"]}),
}  # fmt: skip

# file name, content, what the refusal says; no call would help
NAMED: dict[str, tuple[str, bytes, str]] = {
    "spaces": (
        "s.first", b"MIRLA          2.629  2.629      1\nVENNA          1.073  3.702      2\n", "parted by spaces"),
    "fixed width under titles": ("s.txt", b"Name      Count\nMirla        30\nVenna         4\n", "parted by spaces"),
    "one space before a number": ("s.csv", b"name count\nMirla 30\nVenna 4\n", "parted by spaces"),
    "JSON": ("j.txt", b'["Mirla","Venna","Tobbel"]\n', "this is JSON"),
    "JSON in many lines": ("j.json", b'{\n  "names": [\n    "Mirla"\n  ]\n}\n', "this is JSON"),
    "JSON lines in a .csv": ("j.csv", b'{"name": "Mirla", "n": 3}\n{"name": "Venna", "n": 4}\n', "this is JSON"),
    "JSON with a mark": ("j.json", b'\xef\xbb\xbf["Mirla"]', "this is JSON"),
    "a web page that ends in .csv": (
        "w.csv", b"\n<!DOCTYPE html>\n<table><tr><td>Mirla</td></tr></table>\n", "a web page"),
    "a web page in Latin-1": ("w.html", "<p>Änni</p>".encode("latin-1"), "a web page"),
    "XML that calls itself a spreadsheet": ("w.xls", b'<?xml version="1.0"?>\n<Workbook/>', "XML"),
    "SQL": ("x.sql", b"INSERT INTO names VALUES (1,'Mirla','F');\n", "this is SQL"),
    "UTF-8 that was read as old Windows": (
        "x.txt", "MarÃ\u00ada\nRaÃºl\nAnÃ\u00a0\n".encode(),
        "line 1: .*line 2: .*line 3: .*once read in another encoding"),
    "names after hyphens": ("x.txt", b"-Mirla\n-Venna\n", "line 1: .*begins or ends with a hyphen; remove"),
    "a family's name before the first one": (
        "x.csv", b'Apellidos y nombre;Municipio\n"Otten, Ana";Urk\n"Boll, Eva";Ede\n', "no column `name`"),
    "a title too few": ("x.csv", b"name,sex\n1,Mirla,F\n2,Venna,F\n", "a header needs as many titles"),
    "old Excel": ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + REST, "a spreadsheet or a document of old Office"),
    "Excel": ("x.csv", b"PK\x03\x04\x14\0\x06\0[Content_Types].xml" + REST, "a spreadsheet or a document .*CSV UTF-8"),
    "LibreOffice": (
        "x.ods", b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet" + REST, "a spreadsheet"),
    "zip": ("x.zip", b"PK\x03\x04\x14\0yob1880.txt" + REST, "a zip archive.*unpack"),
    "gzip": ("x.csv.gz", b"\x1f\x8b\x08\0\x99", "a gzip archive.*unpack"),
    "PDF": ("x.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
    "a word processor": ("x.rtf", rb"{\rtf1\ansi Mirla\par}", "RTF"),
    "numbers only": ("x.txt", b"1\n2\n3\n", "Faulty rows: 3 of 3, so this may not be the column"),
    "a table without words": ("x.csv", b"a1,7\nb2,8\n", "no column `name`; columns found: 'a1', '7'"),
    "letters that were read in a wrong encoding": ("x.txt", "mirla\nfelicit‡\nges˘\n".encode(), r"line 2: .*U\+2021"),
    "a quote that swallows lines": ("x.csv", b'name,n\nMirla,"x\nVenna,y\n', "line 2: a quote is not closed"),
    "a quote that swallows rows": ("x.csv", b"name,n\n" + b"Mirla,1\n" * 9 + b'Venna,"x\nOrrik,\n', "line 11: a "),
    "a quote that swallows a list's table": ("x.csv", b'"Mirla\nVenna,y\n', "line 1: no column `name`"),
    "all names on one line": ("x.txt", b"Mirla, Venna, Tobbel\n", "no row but this: 'Mirla, Venna, Tobbel'; write one"),
    "one endless field": ("x.csv", b"n" * 200_000, "line 1: no column `name`"),
}  # fmt: skip


def write(folder: Path, file: str, content: bytes) -> Path:
    (folder / file).write_bytes(content)
    return folder / file


def call_in(refusal: str) -> str | None:
    """The call that a refusal prints as its last line."""
    found = re.search(r"^This call reads it: (load_names\(.*\))\Z", refusal, flags=re.MULTILINE)
    return found[1] if found else None


@pytest.mark.filterwarnings("ignore:.*(left out|the table begins|read 'Ad')")
@pytest.mark.parametrize(
    ("file", "content", "options", "names"), REFUSED_WITH_CALL.values(), ids=REFUSED_WITH_CALL.keys()
)
def test_the_call_in_the_refusal_reads_the_file(
    tmp_path: Path, file: str, content: bytes, options: dict[str, Any], names: list[str]
) -> None:
    path = write(tmp_path, file, content)
    for form in (path, str(path)):
        with pytest.raises(ValueError, match=re.escape(str(path))) as refusal:
            load_names(form)
        call = call_in(str(refusal.value))
        assert call is not None, refusal.value
        given: dict[str, Any] = {}

        def load(path: str, given: dict[str, Any] = given, **options: Any) -> pd.DataFrame:
            given.update(options)
            return load_names(path, **options)

        assert eval(call, {"load_names": load})["name"].tolist() == names
        assert given == options


@pytest.mark.parametrize(("file", "content", "warning", "columns"), LOADED.values(), ids=LOADED.keys())
def test_what_can_be_read_is_read_and_nothing_is_silent(
    tmp_path: Path, file: str, content: bytes, warning: str, columns: dict[str, list[Any]]
) -> None:
    path = write(tmp_path, file, content)
    if warning:
        with warnings.catch_warnings(record=True, action="always") as heard:
            table = load_names(path)
        assert re.search("(?s)" + warning, "; ".join(str(each.message) for each in heard))
        assert all(each.filename == __file__ and str(path) in str(each.message) for each in heard)
    else:
        table = load_names(path)
    assert table.to_dict("list") == columns


@pytest.mark.parametrize(("file", "content", "message"), NAMED.values(), ids=NAMED.keys())
def test_what_cannot_be_read_is_called_by_its_name(tmp_path: Path, file: str, content: bytes, message: str) -> None:
    path = write(tmp_path, file, content)
    with pytest.raises(ValueError, match="(?s)" + re.escape(str(path)) + ", .*" + message) as refusal:
        load_names(path)
    assert call_in(str(refusal.value)) is None
    with pytest.raises(ValueError, match="(?s)" + re.escape(str(path)) + ", .*" + message):
        load_names(path, skip_faulty=True)


def test_no_call_leaves_out_the_names_with_accents_because_they_were_misread(tmp_path: Path) -> None:
    path = write(tmp_path, "x.txt", "Mirla\nJosÃ©\nVenna\n".encode())
    with pytest.raises(ValueError, match=r"line 2: .*once read in another encoding; load the original$"):
        load_names(path)
    with pytest.warns(UserWarning, match="left out 1 of 3 rows"):
        assert load_names(path, skip_faulty=True)["name"].tolist() == MV


PIECES = st.sampled_from(
    ["Mirla", "Venna", "vorname", "Name", "count", "12", "1,203", "F", "", " ", '"', '"a"', '"a\nb"', "St. U"]
    + ["é", "\x1f", "\0", "[", "a b", "a  b", "\u200b", "\u3000", ",", ";", "\t", "|", "\n", "\r\n", "\r"]
    + [",", ";", "\n"] * 5
)  # fmt: skip


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.lists(PIECES, max_size=40).map("".join),
    st.sampled_from(["utf-8", "utf-8", "cp1252", "utf-16"]),
    st.sampled_from(["x.csv", "x.txt", "yob1880.txt", "ZZ.TXT"]),
    st.sampled_from(
        [{}, {}, {"column": 0}, {"column": 1}, {"column": "name"}, SKIP, {"encoding": "cp1252"}, {"encoding": "idna"}]
    ),
)
def test_any_file_is_read_or_refused_in_words_and_every_call_works(
    tmp_path: Path, text: str, encoding: str, file: str, options: dict[str, Any]
) -> None:
    path = write(tmp_path, file, text.encode(encoding, errors="replace"))
    try:
        assert len(load_names(path, **options))
    except ValueError as error:
        assert str(error).startswith(str(path))  # noqa: PT017
        if call := call_in(str(error)):
            assert len(eval(call, {"load_names": load_names}))


# --- the options ----------------------------------------------------------------------------------------------


def test_faulty_rows_are_reported_together_with_the_first_few(tmp_path: Path) -> None:
    path = write(tmp_path, "x.txt", b"mirla\n" * 7 + b"m1\nm2\nm3\nm4\nm5\nm6\n")
    first = "".join(rf"line {7 + k}: the name 'm{k}' contains a number.*\n" for k in range(1, 6))
    with pytest.raises(ValueError, match=rf", {first}Faulty rows: 6 of 13\nThis call"):
        load_names(path)
    with pytest.warns(UserWarning, match=rf"x\.txt: left out 6 of 13 rows:\n{first.rstrip('n').rstrip(chr(92))}$"):
        assert load_names(path, skip_faulty=True)["name"].tolist() == ["mirla"] * 7


def test_half_of_the_rows_may_be_left_out_and_no_more(tmp_path: Path) -> None:
    path = write(tmp_path, "x.txt", b"mirla\nm1\n")
    with pytest.warns(UserWarning, match="left out 1 of 2 rows"):
        load_names(path, skip_faulty=True)
    path = write(tmp_path, "x.txt", b"mirla\nm1\nm2\n")
    for skip_faulty in (False, True):
        with pytest.raises(ValueError, match=r"Faulty rows: 2 of 3, so .*list of names\Z"):
            load_names(path, skip_faulty=skip_faulty)


def test_skip_faulty_is_silent_where_nothing_is_faulty(tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", b"name,n\nmirla,1\n,\n\n")
    assert load_names(path, skip_faulty=True)["name"].tolist() == ["mirla"]
    assert load_names(skip_faulty=np.True_).equals(load_names())  # type: ignore[arg-type]  # NumPy's will do


def test_the_corpus_is_read_once_and_the_table_is_the_readers_own() -> None:
    files._corpus.cache_clear()
    table, kept = load_names(), load_names().copy()
    table.loc[0, "name"] = "x"
    del table["split"]
    assert load_names().equals(kept)
    assert files._corpus.cache_info().misses == 1


def test_a_column_by_title_or_by_number_keeps_the_columns_that_we_know(tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", b"Vorname,Sex,Count\nMirla,F,3\n")
    assert load_names(path, column=" VORNAME").to_dict("list") == {"name": ["mirla"], "sex": ["F"], "count": [3]}
    path = write(tmp_path, "x.csv", b"Mirla,F,3\nVenna,F,4\n")
    assert load_names(path, column=0).to_dict("list") == {"name": MV}
    path = write(tmp_path, "x.txt", b"Top list\nVorname\nMirla\nVenna\n")
    assert load_names(path, column="Vorname").to_dict("list") == {"name": MV}


def test_the_call_for_the_books_own_names_has_no_path() -> None:
    with pytest.raises(ValueError, match=r"This call reads it: load_names\(column='name'\)\Z"):
        load_names(column="x")


def test_an_exact_title_wins_over_one_in_another_case(tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", b"Name,name\nOtten,Mirla\n")
    assert load_names(path, column="name")["name"].tolist() == ["mirla"]
    assert load_names(path, column="Name")["name"].tolist() == ["otten"]


@pytest.mark.parametrize(
    ("content", "column", "message"),
    [
        (b"vorname;n\nMirla;1\n", "Vornam", r"no column `Vornam`; .*column='vorname'\)$"),
        (b"vorname;n\nMirla;1\n", 2, "there is no column 2: a row has 2 fields, counted from 0"),
        (b"Mirla\nVenna\n", 1, "there is no column 1: a row has 1 fields"),
        (b"vorname;n\nMirla;1\nVenna;2\n", "n", "Faulty rows: 2 of 2, so this may not be the column of the names"),
    ],
)
def test_a_wrong_column_is_refused(tmp_path: Path, content: bytes, column: str | int, message: str) -> None:
    path = write(tmp_path, "x.csv", content)
    with pytest.raises(ValueError, match="(?s)" + message):
        load_names(path, column=column)


@pytest.mark.parametrize(
    "content",
    [
        b"vorname;n\nMirla;1\nVenna;2\n",
        b"Zzyx;n\nMirla;1\nVenna;2\n",
        b"vorname\nMirla\nVenna\n",
        b"Ad;x\nMirla;u\nVenna;v\n",
    ],
)
def test_a_number_as_column_says_that_there_is_no_header_and_a_header_is_not_silent(
    tmp_path: Path, content: bytes
) -> None:
    path = write(tmp_path, "x.csv", content)
    title = content[: content.index(b"\n")].split(b";")[0].decode()
    with pytest.warns(
        UserWarning, match=f"line 1: read '{title}' as a name; if it is the heading, pass column='{title}'"
    ):
        assert load_names(path, column=0)["name"].tolist() == [title.lower(), "mirla", "venna"]


def test_a_heading_that_is_a_name_is_kept_when_the_caller_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "x.txt", b"Nome\nMirla\n")
    with pytest.warns(UserWarning, match="line 1: read 'Nome' as a name"):
        assert load_names(path, column=0)["name"].tolist() == ["nome", "mirla"]


def told_of(path: Path) -> str:
    """All warnings that come with the names of a file."""
    with warnings.catch_warnings(record=True, action="always") as heard:
        load_names(path)
    return "; ".join(str(each.message) for each in heard)


@pytest.mark.parametrize(("lines", "said"), [(4, True), (5, False)])
def test_a_heading_is_looked_for_in_the_first_five_lines(tmp_path: Path, lines: int, said: bool) -> None:
    path = write(tmp_path, "x.txt", b"Mirla Venna\n" * lines + b"Nome\n")
    assert (f"line {lines + 1}: read 'Nome' as a name" in told_of(path)) == said


@pytest.mark.parametrize(("lines", "said"), [(4, True), (5, False)])
def test_a_second_header_is_looked_for_in_the_five_rows_below_the_first(tmp_path: Path, lines: int, said: bool) -> None:
    path = write(tmp_path, "x.csv", b"name,n\n" + b"Mirla,1\n" * lines + b"Vorname,n\n")
    assert (f"line {lines + 2}: read 'Vorname' as a name" in told_of(path)) == said


def test_blank_rows_at_the_end_are_not_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", b"name,n\nM1rla,1\nVenna,2\n,\n,\n")
    with pytest.warns(UserWarning, match="left out 1 of 2 rows"):
        load_names(path, skip_faulty=True)


def test_a_blank_row_between_others_is_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", b"name,n\nMirla,1\n,\nVenna,2\n")
    with pytest.warns(UserWarning, match="left out 1 of 3 rows:\nline 3: the line is blank; delete it"):
        load_names(path, skip_faulty=True)


@pytest.mark.parametrize("file", ["x.csv", "x.txt"])
def test_a_header_below_other_lines_is_refused_at_the_first_of_them(tmp_path: Path, file: str) -> None:
    path = write(tmp_path, file, b"\nNames of Urk\nas of 2020\nyear;name\n2019;Mirla\n")
    with pytest.raises(ValueError, match="line 2: no column `name`, but line 4 has 'name': the table begins there"):
        load_names(path)


def test_a_row_below_a_broken_one_is_named_by_its_own_line(tmp_path: Path) -> None:
    path = write(tmp_path, "x.csv", b'name,n\nMirla,1\n"Urk"y,2\nV3nna,3\n\nTobb3l,5\nVenna,6\nOrrik,7\n')
    expected = "(?s)left out 3 of 6 rows.*line 3: a quote.*line 4: the name 'v3nna'.*line 6: the name 'tobb3l'"
    with pytest.warns(UserWarning, match=expected):
        load_names(path, skip_faulty=True)


def test_a_file_in_utf_8_read_in_another_encoding_is_not_silent(tmp_path: Path) -> None:
    path = write(tmp_path, "x.txt", "mirlà\nÜnna\n".encode())
    with pytest.warns(UserWarning, match="this is text in UTF-8, read as cp1251; leave `encoding` out"):
        load_names(path, encoding="cp1251")
    for encoding in ("utf-8", "UTF8", "utf-8-sig"):
        assert load_names(path, encoding=encoding)["name"].tolist() == ["mirlà", "ünna"]


@pytest.mark.parametrize("before", ["v", "v" + 19 * "i", 20 * "i"])
def test_bytes_that_an_encoding_does_not_know_are_refused(tmp_path: Path, before: str) -> None:
    path = write(tmp_path, "x.txt", f"mirla\nx{before}".encode() + b"\x81nna\n")
    said = before if len(before) == 20 else f"x{before}"  # the last twenty letters
    with pytest.raises(ValueError, match=f"line 2: byte 0x81 after '{said}' is not cp1252"):
        load_names(path, encoding="cp1252")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"column": -1}, ValueError, "column, if it is not a title, must be at least 0; got -1"),
        ({"column": 1.5}, TypeError, "column, if it is not a title, must be a whole number; got 1.5"),
        ({"column": True}, TypeError, "must be a whole number; got True"),
        ({"skip_faulty": 1}, TypeError, "skip_faulty must be True or False; got 1$"),
        ({"encoding": 8}, TypeError, "encoding must be a string such as 'cp1252', or None for UTF-8; got 8 "),
        ({"encoding": "klingon"}, ValueError, "encoding must be one that Python knows.*'klingon'"),
        ({"encoding": "utf-8\0"}, ValueError, "encoding must be one that Python knows"),
        ({"encoding": "punycode"}, ValueError, "x.txt: this text is not in punycode; save the file as UTF-8"),
        ({"encoding": "unicode_escape"}, ValueError, "x.txt: this text is not in unicode_escape"),
        ({"encoding": "rot13"}, ValueError, "encoding must be one that Python knows.*'rot13'"),
    ],
)
def test_bad_options_are_refused(
    tmp_path: Path, options: dict[str, Any], error: type[Exception], message: str
) -> None:  # fmt: skip
    with pytest.raises(error, match=message):
        load_names(write(tmp_path, "x.txt", b"mirla\n\\ud800\n\xc3\x84"), **options)


# --- folders --------------------------------------------------------------------------------------------------


def test_a_folder_of_the_ssas_states_is_read(tmp_path: Path) -> None:
    write(tmp_path, "ZZ.TXT", b"ZZ,F,1910,Mirla,14\n")
    write(tmp_path, "YY.TXT", b"YY,M,1911,Tobbel,9\n")
    write(tmp_path, "ReadMe.txt", b"The files of the states\n")
    expected = {"name": ["tobbel", "mirla"], "sex": ["M", "F"], "year": [1911, 1910], "count": [9, 14]}
    assert load_names(tmp_path).to_dict("list") == expected
    (tmp_path / "ReadMe.txt").unlink()
    write(tmp_path, "ZZ.TXT", b"Mirla\n")
    (tmp_path / "YY.TXT").write_bytes(b"Venna\n")
    with pytest.raises(ValueError, match=r"it has 2 of these \(YY\.TXT, ZZ\.TXT\): pass the name"):
        load_names(tmp_path)


def test_the_call_for_a_folder_names_the_folder(tmp_path: Path) -> None:
    write(tmp_path, "yob1880.txt", b"Mirla,F,14\n")
    write(tmp_path, "yob1881.txt", b"Mirla,F,14\nVenna2,F,3\nVenna,F,3\n")
    with pytest.raises(ValueError, match=r"yob1881\.txt, line 2: ") as refusal:
        load_names(tmp_path)
    assert call_in(str(refusal.value)) == f"load_names({str(tmp_path)!r}, skip_faulty=True)"
    with pytest.warns(UserWarning, match=r"yob1881\.txt: left out 1 of 3 rows"):
        assert load_names(tmp_path, skip_faulty=True)["year"].tolist() == [1880, 1881, 1881]


# --- one spelling for one name --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    [
        ["O'Mirla", "O’Mirla", "o‘mirla", "O`Mirla", "O´Mirla", "Oʻmirla", "Oʼmirla", "O＇Mirla", " O'Mirla\u200b"],
        ["Anna-Lia", "Anna‐Lia", "Anna‑Lia", "Anna–Lia", "ANNA−LIA", "Anna－Lia", "An\u00adna-\u200eLia\u200f"],
        [
            "Anna Lia",
            "Anna  Lia",
            "Anna\u00a0Lia",
            "Anna\u3000Lia",
            "\u202aAnna\u2009 Lia\u202c",
            "\ufeffanna lia\u200d",
        ],
        ["ｍirla", "mirla", "ＭＩＲＬＡ", "m\u2060irla\ufe0f"],
        ["ﾐﾙﾗ", "ミルラ"],
        ["ﾄﾞﾍﾞﾙ", "ドベル", "ト\u3099ヘ\u3099ル"],
        ['כ"ץ', "כ״ץ", "כ”ץ"],
        ["ג'ירלה", "ג׳ירלה", "ג’ירלה"],
        ["Мар'яна", "Марʼяна", "Мар’яна"],
        ["葛\U000e0100", "葛"],
        ["Josella\u0301", "Josellá"],
    ],
)
def test_one_name_has_one_spelling(spellings: list[str]) -> None:
    assert len({clean_name(each) for each in spellings}) == 1
    assert clean_name(clean_name(spellings[0])) == clean_name(spellings[0])


def test_what_is_left_as_it_is() -> None:
    assert clean_name("Anna-Lia") != clean_name("Anna Lia")
    assert clean_name("ने\u200dहा") == "ने\u200dहा"
    assert clean_name("Işıl") == "işıl"
    assert clean_name("IŞIL") == "işil"
    assert clean_name("IŞIL İNCİ".replace("I", "ı").replace("İ", "i").lower()) == "ışıl inci"  # as the data card says
    with pytest.raises(ValueError, match=r"U\+0022"):
        clean_name('mir"la')
