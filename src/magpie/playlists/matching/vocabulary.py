"""The words themselves: what people write beside a title, in the languages in which they do. `versions.py` reads them.

Case, widths, traditional characters and katakana need no words of their own: these are folded as titles are.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    """Words divided by `|`, over any number of lines."""
    return tuple(one.strip() for one in text.split("|"))


SPEED_NIGHTCORE = _words("""
    nightcore | night core
""")
SPEED_SLOW = _words("""
    slowed down | slowed | slow version | slow ver | daycore | 降速 | 慢速 | 慢放 | 减速 | 慢摇 | reverbed |
    super slowed | ultra slowed
""")
SPEED_UP = _words("""
    sped up | speed up | speedup | spedup | speeded up | fast version | fast ver | 加速 | 快速版 | 倍速 |
    変速 | 스페드업 | 스피드업
""")
ACAPPELLA = _words("""
    a cappella | acappella | a capella | acapella | 阿卡贝拉 | 阿卡佩拉 | 清唱 | アカペラ | vocals only |
    vocal only
""")
ACOUSTIC = _words("""
    acoustic | acoustics | acústico | acustico | acústica | acoustique | akustik | akustisch | stripped |
    原声吉他 | 吉他弹唱 | 弹唱 | 木吉他 | 吉他 | アコースティック | 弾き語り | 어쿠스틱 | акустика |
    акустическая | guitar version | stripped back | 不插电
""")
PIANO = _words("""
    piano | 钢琴 | ピアノ | 피아노 | 钢琴曲 | 弹琴 | пианино
""")
ORCHESTRAL = _words("""
    orchestral | orchestra | symphonic | symphony version | strings | string version | string quartet |
    交响 | 交响乐 | 管弦乐 | 弦乐 | オーケストラ | 오케스트라 | philharmonic
""")
LOFI = _words("""
    lofi | lo fi | 8d | 8d audio | 8bit | 8 bit | music box | 八音盒 | オルゴール | 오르골 | lullaby |
    bass boosted
""")
MASHUP = _words("""
    mashup | mash up | medley | megamix | 串烧 | 组曲 | メドレー | 메들리 | nonstop
""")
DEMO = _words("""
    demo | demos | 小样 | デモ | 데모 | home recording | early version | rough mix | rehearsal | outtake |
    alternate take | alternative take | alternate version | alternative version | alternate mix |
    alt version | work tape | draft
""")
REPRISE = _words("""
    reprise | リプライズ
""")
COVER = _words("""
    cover | covers | covered by | cover by | 翻唱 | 翻自 | 歌ってみた | カバー | カヴァー | セルフカバー |
    커버 | кавер | tribute | tribute version | in the style of | originally performed by | made famous by |
    as made famous by | 原唱
""")
VOICE_DUET = _words("""
    duet | 合唱 | 对唱 | デュエット | duet version | 듀엣
""")
VOICE_SOLO = _words("""
    solo | solo version | 独唱 | ソロ | 솔로
""")
VOICE_FEMALE = _words("""
    女声 | 女生 | 女版 | female version | female vocals
""")
VOICE_MALE = _words("""
    男声 | 男生 | 男版 | male version | male vocals
""")
VOICE_CHILDREN = _words("""
    童声 | 儿童 | kids version
""")
RERECORDED = _words("""
    re recorded | rerecorded | re recording | new recording | 重录 | 重唱 | 重新录制 | 新录 | 再録 |
    re record
""")
EXTENDED = _words("""
    extended | extended mix | extended version | long version | long ver | full version | full ver |
    full length | maxi version | full size | full | 12 inch | 12" | 加长 | 完整 | 完整版 | 全长 | フル |
    フルバージョン | ロング | 풀버전
""")
EDIT = _words("""
    album edit | radio edit | radio version | radio mix | radio ver | radio | single edit | video edit |
    tv size | tvsize | tv edit | tv version | tv ver | tv | anime size | anime ver | anime version |
    anime edit | movie size | movie ver | movie edit | game size | game ver | short version | short ver |
    short edit | short | edited | 7 inch | 7" | 剪辑 | 电台 | 短版 | 片段 | 截取 | tvサイズ | tvバージョン |
    アニメサイズ | ショート | 라디오 에디트 | 抖音片段
""")
REMIX = _words("""
    shuffle | remix | remixed | remixed by | remixes | rmx | rework | reworked | bootleg | refix | re edit |
    reedit | remake | flip | vip mix | vip | dub mix | dub | club mix | club edit | dance mix | house mix | mixed by |
    dj mix | mixed | 混音 | リミックス | 리믹스 | ремикс | 重混 | 电音 | 舞曲 | 抖音 | 车载 | 越南鼓
""")
NOISE = _words("""
    deluxe | deluxe edition | expanded edition | special edition | anniversary edition |
    collector's edition | super deluxe | bonus track | bonus | explicit | clean | clean version |
    album version | single version | original version | original mix | official video | official audio |
    official music video | official lyric video | official mv | official | music video | lyric video |
    lyrics video | lyrics | lyric | audio | video | visualizer | visualiser | mv | m/v | pv | hd | hq | 4k |
    1080p | 720p | hi res | mono | stereo | dolby atmos | from the vault | 原版 | 正式版 | 官方版 | 专辑版 |
    单曲版 | 录音室版 | 无损 | 高音质 | 高清 | 动态歌词 | 歌词版 | 歌词 | 官方 | 官方mv | 完整mv |
    オリジナル | オリジナルver | アルバムver | シングルver | アルバムバージョン | シングルバージョン |
    シングル・バージョン | シングルヴァージョン | シングル・ヴァージョン | アルバム・バージョン |
    アルバムヴァージョン | アルバム・ヴァージョン | オリジナル・バージョン | オリジナル・ヴァージョン |
    オリジナルバージョン | 公式 |
    뮤직비디오 | 공식 | 원곡 | remasterizado | remasterisé | 版权 | 首发 | 热门 | 重制版 | 重制 | 修复版 |
    リマスター | 리마스터 | ремастер | topic | ep | pre release | 2ch | cd | lp
""")
WORK_WORDS = _words("""
    主题曲 | 主题歌 | 片头曲 | 片尾曲 | 插曲 | 插入歌 | 推广曲 | 宣传曲 | 宣传歌 | 同名主题曲 | 片尾 | 片头 |
    原声带 | 电影原声 | 原声大碟 | 影视原声 | 概念曲 | 角色曲 | キャラクターソング | 印象曲 | ost | o.s.t |
    original soundtrack | soundtrack | original motion picture soundtrack | motion picture | opening theme |
    ending theme | theme song | insert song | main theme song | オープニングテーマ | エンディングテーマ |
    オープニング | エンディング | 挿入歌 | テーマ曲 | テーマソング | イメージソング | 主題歌 | cm曲 |
    cmソング | 주제곡 | 삽입곡 | 广告曲 | 代言曲 | 贺岁曲
""")
KARAOKE = _words("""
    instrumental | instrumentals | inst | karaoke | karaoke version | off vocal | offvocal | backing track |
    minus one | without vocals | no vocals | vocalless | 伴奏 | 伴奏带 | 伴唱 | 卡拉ok | 纯音乐 | 纯伴奏 |
    消音 | 无人声 | カラオケ | オフボーカル | オフヴォーカル | インスト | インストゥルメンタル |
    インストルメンタル | 반주 | 인스트 | mr 반주 | instrumentale | instrumentalna | минус | минусовка |
    караоке | инструментал
""")
LIVE = _words("""
    现场 | 现场版 | 演唱会 | 音乐会 | 音乐节 | 巡演 | 巡回演唱会 | 不插电 | ライブ | ライヴ | 生放送 |
    コンサート | 라이브 | 콘서트 | en vivo | en directo | ao vivo | dal vivo | en concert | in concert |
    unplugged | concert | concert version | bbc session | peel session | spotify session | spotify sessions |
    live session | live lounge | the first take | first take | tiny desk | концерт | живьём | live版 | 拉阔
""")
LANGUAGES = {
    "yue": _words("粤语 | 粤 | 广东话 | 广东歌 | cantonese | 白话"),
    "zh": _words(
        "国语 | 华语 | 普通话 | 中文 | 汉语 | mandarin | chinese | 중국어 | 中国语 | cn ver | chn ver"
    ),
    "ja": _words("日语 | 日文 | 日本语 | japanese | 일본어 | jp ver | jpn ver | jp version | japan ver"),
    "ko": _words("韩语 | 韩文 | korean | 한국어 | kr ver | kor ver | 韩国语"),
    "en": _words("英语 | 英文 | english | 영어 | en ver | eng ver | eng version | inglés | 英语版"),
    "nan": _words("闽南语 | 台语 | 福建话 | taiwanese | hokkien"),
    "es": _words("西班牙语 | spanish | español | castellano | en español | spanglish"),
    "fr": _words("法语 | 法文 | french | français | version française"),
    "de": _words("德语 | german | deutsch"),
    "it": _words("意大利语 | italian | italiano"),
    "pt": _words("葡萄牙语 | portuguese | português"),
    "ru": _words("俄语 | russian | русская"),
    "th": _words("泰语 | 泰文 | thai"),
    "vi": _words("越南语 | vietnamese"),
    "hak": _words("客家话 | 客语 | hakka"),
    "sc": _words("四川话 | 川话"),
}
NOBODY = _words("""
    various artists | various | va | unknown | unknown artist | 群星 | 华语群星 | 欧美群星 | 未知 |
    未知歌手 | 未知艺术家 | 佚名 | 网络歌手 | 众艺人 | オムニバス | soundtrack | original soundtrack |
    原声带 | n/a | none | 합본 | 여러 아티스트 | сборник | неизвестный исполнитель | varios artistas |
    original cast | anonymous | 不明
""")
# What shops mask with asterisks.
MASKED = _words("""
    fuck | fucks | fucked | fucker | fucking | fuckin | motherfucker | motherfuckin | motherfucking | shit | shits |
    bullshit | bitch | bitches | bitchin | ass | asshole | nigga | niggas | pussy | dick | cock | cunt | hoe | hoes |
    whore | slut | damn | goddamn | sex | sexy | drugs | drug | kill | gun | weed | cocaine
""")
# Before `version`: the same recording. Before `mix`: the same, too.
SAME_VERSION = _words("""
    ep | album | single | original | official | standard | soundtrack | theme | deluxe | explicit | clean |
    uncensored | censored | mono | stereo | cd | digital | bonus | main | regular | studio | film | ost
""")
SAME_MIX = _words("""
    original | stereo | mono | atmos | dolby atmos | single | album | lp | ep | official | main | standard
""")
SORTS_OF_WORK = _words("""
    motion picture | film | movie | series | tv series | netflix film | netflix series | musical | game |
    album | broadway musical | original
""")
# In a bracket all by themselves: kinds of version, though they look like a name in another script.
QUALIFIERS = _words("""
    mr | bgm | guitar | ukulele | violin | saxophone | sax | cello | harp | flute | harmonica | drum | bass |
    band | full band | rock | jazz | bossa nova | bossa | edm | r&b | chill | trap | house | techno | phonk |
    hardstyle | trance | funk | reggae | metal | folk | classical | strings | orchestra | choir | vocal |
    humming | key | loop | ringtone | 1 hour | sing along | practice | 小提琴 | 大提琴 | 古筝 | 二胡 |
    萨克斯 | 口琴 | 尤克里里 | 竹笛 | 笛子 | 架子鼓 | 琵琶 | 古琴 | 陶笛 | 铃声 | 手机铃声 | 彩铃 | 摇滚 |
    爵士 | 慢歌 | 循环 | 教学 | 练习 | 试听 | 片段 | 哼唱 | バンド | ギター | バイオリン
""")
