"""The kinds of media that are opened at all, by libav's names of their readers: no playlists, no programs, no devices.

Apart from `probe`, which loads libav: the server need not.
"""

from __future__ import annotations

DEMUXERS = (
    "mov,matroska,webm,avi,flv,mpegts,mpeg,mpegvideo,asf,ogg,mp3,aac,flac,wav,w64,aiff,ape,wv,tta,amr,caf,ac3,eac3,"
    "dts,rm,ivf,h264,hevc,gif,apng,image2,jpeg_pipe,png_pipe,webp_pipe,webp,bmp_pipe,tiff_pipe,jpegxl_pipe,"
    "gif_pipe,jpegxl_anim"
)
