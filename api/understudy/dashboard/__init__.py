"""
The dashboard: pages of HTML with charts of SVG, made here from boards, without any script.

`rendering` has the templates, `svg` and `scale` what every chart is made of, `development`,
`histogram`, `sparklines` and `strips` the charts, `shadow`, `drift`, `slices`, `explained`,
`noise`, `latest`, `earlier` and `answer` what the pages say.
"""
