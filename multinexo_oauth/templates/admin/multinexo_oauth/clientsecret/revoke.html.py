BBBBBBB BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB
BBBB BBBB
BBBBB BBBBBBB
  XXX gettext(u'%(name)s cannot authenticate with “%(secret)s” any more, from the next request on and for good.') SSSSSSSS SSSSSS SSSSSSSSSSSS SSSS SSSSSSSSSSSS SSS SSSSS SSSS SSS SSSS SSSSSSS SS SSS SSS SSSSSXXXX
  XXX
    BB BBBB
       ngettext(u'%(live)s other live secret remains.', u'%(live)s other live secrets remain.', count) SSSSSSSS SSSSS SSSS SSSSSS SSSSSSSSPPPPPPPP PPPPP PPPP PPPPPPP PPPPPPP
    BBBB
      XXXXXXXX gettext(u'It is the only live one: the application gets no more tokens until it has another.') XXXXXXXXX
    BBBBB
  XXXX
  XXXXX XXXXXXXXXXXXXX
    BBBBBBBBBB
    XXXX XXXXXXXXXXXXXXXXXXX
      XXXXXX XXXXXXXXXXXXX XXXXXXXXXXXXXXX XXXXXXXXXXXXXXXXXXXX XXXXXXX gettext(u'Revoke') XX
      XX XXXXXXX XXXXXXXXXXXXXXXXXX gettext(u'Cancel') XXXX
    XXXXXX
  XXXXXXX
BBBBBBBB
