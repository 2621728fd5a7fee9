"""Chinese words for the typed reasons of downloads, links and playlists, as the page says them.

In English people read the sentence that was kept with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Of downloads, checks and sites: `downloads.failures.Reason`.
CHINESE_REASONS: Final[Mapping[str, str]] = {
    "bad_address": "这个地址无法保存。",
    "not_found": "网站表示该地址下没有内容（404）。",
    "removed": "内容已从网站上移除。",
    "private": "内容是私密的。",
    "members_only": "内容仅供付费会员观看。",
    "login_required": "网站要求登录。",
    "age_gated": "网站要求验证年龄。",
    "geo_blocked": "内容在当前国家或地区不可用。",
    "drm": "内容受 DRM 保护。",
    "unsupported": "没有工具能从这个页面保存内容。",
    "no_media": "页面已读取，但没有找到视频、音频或图片。",
    "not_yet": "内容尚未发布。",
    "forbidden": "网站拒绝提供文件（403）。",
    "bot_check": "网站要求验证您不是机器人。",
    "rate_limited": "网站表示请求过多。",
    "site_rests": "网站拒绝过访问或要求放慢速度，暂时不再访问它。",
    "site_error": "网站自身出现故障。",
    "network": "无法连接到网站。",
    "truncated": "文件尚未传完，传输就中断了。",
    "refused_address": "该地址指向内部网络，下载不允许访问。",
    "broken_media": "网站发来的不是可播放的文件。",
    "too_large": "文件超过允许的大小。",
    "no_space": "磁盘剩余空间不足。",
    "folder_missing": "媒体文件夹不存在。",
    "quota": "您的存储配额已用完。",
    "tool_missing": "缺少所需的程序。",
    "tool_too_old": "网站已经改版，读取它的工具太旧。",
    "tool_error": "读取该网站的工具出错。",
    "out_of_memory": "下载所需内存超过了允许的上限。",
    "timed_out": "网站停止发送数据。",
    "interrupted": "服务器停止，下载被中断。",
    "no_profile": "指定的保存方案已不存在。",
    "already_held": "它已经在您的媒体库中。",
    "is_a_list": "该地址是一个列表，其中每个内容都会单独下载。",
}

# Of playlists: `playlists.servers.port.Fault`, and the sources' reasons behind `source_`.
CHINESE_FAULTS: Final[Mapping[str, str]] = {
    "address": "这不是有效的地址。",
    "dns": "找不到这个服务器名称。",
    "not_found": "服务器上的歌单不见了。",
    "unsupported": "这台服务器不支持该操作。",
    "refused": "这个地址没有服务在监听。",
    "timeout": "服务器没有响应。",
    "tls": "服务器的证书或加密方式不被接受。",
    "lost": "连接中途断开了。",
    "token": "令牌、用户名或密码不正确。",
    "no_music": "没有音乐库，或者所选的音乐库不存在。",
    "no_right": "这个账号没有权限。",
    "changed": "写入期间歌单被改动了。",
    "too_long": "服务器认为请求过长。",
    "wrong_kind": "这个地址上的不是这种类型的服务器。",
    "unreadable": "服务器的回应不符合这种类型。",
    "failing": "服务器内部出错。",
    "crashed": "Magpie 自身出错。",
    "private_address": "只有管理员可以添加内网中的服务器。",
    "source_gone": "平台上的歌单已不存在。",
    "source_private": "这是私密歌单。",
    "source_refused": "平台拒绝提供内容。",
    "source_limited": "平台要求稍后再试。",
    "source_unreachable": "无法连接到平台。",
    "source_unreadable": "没有找到歌单，或者无法读取平台的回应。",
    "source_not_configured": "这个平台缺少必要的设置。",
}
