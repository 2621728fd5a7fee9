"""Letters of Latin and Cyrillic alphabets in ASCII, as PostgreSQL's `search_terms` writes them before it looks for words.

Whatever stands here, the function of the migration must have: a term that the database does not make, and that was
not stored either, is not found. What is not here is romanised by Python (`words.romanised`), and stored.
"""

from __future__ import annotations

# Letters, and one letter for each; those at the end have none and are left out.
FOLDED = (
    "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïðñòóôõöøùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠ"
    "ġĢģĤĥĦħĨĩĪīĬĭĮįİıĴĵĶķĸĹĺĻļĽľŁłŃńŅņŇňŉŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžſḀḁḂ"
    "ḃḄḅḆḇḈḉḊḋḌḍḎḏḐḑḒḓḔḕḖḗḘḙḚḛḜḝḞḟḠḡḢḣḤḥḦḧḨḩḪḫḬḭḮḯḰḱḲḳḴḵḶḷḸḹḺḻḼḽḾḿṀṁṂṃṄṅṆṇṈṉṊṋṌṍṎṏṐṑṒṓṔṕṖṗṘṙṚṛṜ"
    "ṝṞṟṠṡṢṣṤṥṦṧṨṩṪṫṬṭṮṯṰṱṲṳṴṵṶṷṸṹṺṻṼṽṾṿẀẁẂẃẄẅẆẇẈẉẊẋẌẍẎẏẐẑẒẓẔẕẖẗẘẙẚẛẜẝẟẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặ"
    "ẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹỼỽỾỿЀЁЃІЇЈЋЌЍЎАБВГДЕЗИЙК"
    "ЛМНОПРСТУФЫЭабвгдезийклмнопрстуфыэѐёѓіїјћќѝўÆÞĲŊŒẞЂЄЅЉЊЏЖХЦЧШЩЮЯЪЬъь"
)
FOLDS = (
    "aaaaaaceeeeiiiidnoooooouuuuyaaaaaaceeeeiiiidnoooooouuuuyyaaaaaaccccccccddddeeeeeeeeeeggggg"
    "ggghhhhiiiiiiiiiijjkkqllllllllnnnnnnnoooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzsaab"
    "bbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrr"
    "rrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyasssdaaaaaaaaaaaaaaaaaaaaaaaa"
    "eeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyvvyyeegiijckiuabvgdeziyk"
    "lmnoprstufyeabvgdeziyklmnoprstufyeeegiijckiuæþĳŋœßђєѕљњџжхцчшщюя"
)
SPELT = "ßss æae þth ĳij ŋng œoe жzh хkh цts чch шsh щshch юyu яya ђdj єie ѕdz љlj њnj џdzh"
_TABLE = {ord(letter): FOLDS[at] if at < len(FOLDS) else None for at, letter in enumerate(FOLDED)}
_SPELT = {pair[0]: pair[1:] for pair in SPELT.split()}


def folded(text: str) -> str:
    """The text with these letters in ASCII, and no others changed."""
    if text.isascii():
        return text
    text = text.translate(_TABLE)
    for letter, letters in _SPELT.items():
        text = text.replace(letter, letters)
    return text
