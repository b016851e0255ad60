// What a page does, it does when the scripts before this file are read; there is nothing to draw.

export default function () {}
