import { describe, expect, test } from 'vitest';
import type { Command } from '../../../src/events/event.js';
import { commandsIn } from '../../../src/intake/comments/commands-in.js';

const names = (body: string) => commandsIn(body).map(({ name }) => name);

test.each<[string, string]>([
  ['alone', '/deploy'],
  ['after text', 'Looks good.\n/deploy'],
  ['after a paragraph', 'Looks good.\n\n/deploy'],
  ['with a capital', '/Deploy'],
  ['with up to three blanks before it', '   /deploy'],
  ['after a no-break space', '\u00a0/deploy'],
  ['after a character of no width', '\u200b/deploy'],
  ['after a byte order mark', '\ufeff/deploy'],
  ['before a no-break space', '/deploy\u00a0'],
  ['with windows line ends', 'Fine.\r\n/deploy\r\n'],
  ['underlined, as above a signature', '/deploy\n---\nAda'],
  ['after a quote and a blank line', '> a quote\n\n/deploy'],
  ['after a closed fence', '```\nx\n```\n/deploy'],
  ['after a closed comment', '<!-- x -->\n\n/deploy'],
  ['after a comment within a line', 'x <!-- y -->\n/deploy'],
  ['after closed details', '<details><summary>Log</summary>\n\nx\n\n</details>\n\n/deploy'],
  ['after closed preformatted text', '<pre>\nx\n</pre>\n\n/deploy'],
  ['after HTML of other elements', 'a <b>bold</b> word<br>\n/deploy'],
  ['after a placeholder that looks like HTML', 'A List<String> is wrong.\n/deploy'],
  ['after code that names HTML', 'Remove `<details>` and `<!--`.\n/deploy'],
  ['after a fence with HTML in it', '```html\n<details>\n<!--\n```\n/deploy'],
  ['after a list', '- a\n- b\n\n/deploy'],
  ['after quoted mail', 'On Mon, 2 Nov 2026, Ada <a@x.example> wrote:\n> fine\n\n/deploy'],
  ['after a comment of ours that is quoted whole', '> x\n>\n> <!-- hookyard:answer -->\n\n/deploy'],
  ['after one that is quoted behind blanks', '  > x\n  >\n  > <!-- hookyard:answer -->\n\n/deploy'],
  ['after one that is quoted as Bitbucket has it', '> x\n>\n> [//]: # (hookyard:answer)\n\n/deploy'],
  ['above the mail that is answered', '/deploy\n\nOn Mon, 2 Nov 2026, Ada <a@x.example> wrote:\n\nfine'],
  ['after somebody who can be asked', 'Owner: ada@x.example\nSeverity: high\n\n/deploy'],
  ['below what git says of a commit', 'Author: Ada <ada@x.example>\nDate:   Thu Nov 26 12:00:00 2026 +0100\n\n/deploy'],
  ['after whom to ask and when', 'Contact: ops@x.example\nWindow: 2026-12-01 22:00 to 23:00\n\n/deploy'],
  ['after which version', 'Bild: app@sha256:00ff.de\nGröße: 2026.11.26\n\n/deploy'],
  ['after somebody wrote something', 'Ada wrote: fine.\n/deploy'],
  ['after an odd mark', 'x\n\n>>>\n\n/deploy'],
  ['after an odd mark of more', 'x\n\n>>>>\n\n/deploy'],
  ['after an alert of GitLab', '>>> [!note] Title\nx\n\ny\n\n>>>\n\n/deploy'],
  ['after a long quote of GitLab', '>>>>\nx\n\n>>>>\n\n/deploy'],
  ['after a bracket alone', '[\n/deploy'],
  ['after a formula in brackets', '\\[\nx\n\\]\n\n/deploy'],
  ['between formulas in brackets', '\\[\nx\n\\]\n\n/deploy\n\n\\[\ny\n\\]'],
  ['after a drawing', '::: mermaid\ngraph TD\n:::\n\n/deploy'],
  ['after three colons in a line', 'a ::: b\n/deploy\n:::'],
  ['after when and from where', 'Date: 2026-12-01 10:00\nFrom: staging\n\n/deploy'],
  ['after a day and whom it is from', 'Date: tomorrow\nFrom: ada@x.example\n\n/deploy'],
  ['after when, and an address', 'Date: 2026-12-01 10:00\nOwner: ada@x.example\n\n/deploy'],
  ['after what somebody wrote, between dashes', '-- Ada wrote: fine --\n\n/deploy'],
  ['after what somebody wrote, behind dashes', 'See -- Ada wrote --\n\n/deploy'],
  ['after a time and whom it is from', 'Rollout: 10:00\nFrom: ada@x.example\n\n/deploy'],
  ['between a mark of a quote and one of a drawing', '>>>\n\n/deploy\n\n:::'],
  ['between quotes of three levels', '>>> x\n\n/deploy\n\n>>> y'],
  ['after two dollars that begin a line', '$$ is a price\n\n/deploy\n\n$$'],
  ['after a bracket that ends a line', 'see [\n/deploy\n]'],
  ['between lists that are written as code', 'x = [\n1\n]\n\n/deploy\n\ny = [\n2\n]'],
  ['between references', '[1] says so\n/deploy\n[2] too'],
  ['after an image', '![a](https://x.example/a.png)\n/deploy'],
  ['beside prices', 'It costs $5 here, $6 there.\n/deploy\nfor $7'],
  ['below a tilde', 'about ~5 s\n/deploy\nor ~6 s'],
  ['between lines', '---\n\nx\n\n---\n\n/deploy'],
  ['after somebody with an address', 'Ask a@x.example at 10:00.\n/deploy'],
  ['after words between dashes', '----- Original idea -----\n\n/deploy'],
  ['after a sender and a place', 'De: Ada\nA: Bob\n\n/deploy'],
  ['after nested HTML', '<details><div><b>x</b></div>\n\n<ul><li>y</ul>\n\n</details>\n\n/deploy'],
  ['after details in a list', '- <details>\n\n  x\n\n  </details>\n\n/deploy'],
  ['beside stars and underscores', '*a*\n/deploy'],
  ['with the line ends of old systems', 'Fine.\r\r/deploy'],
  ['after a hard line break', 'Fine.  \n/deploy'],
  ['after an escaped line break', 'Fine.\\\n/deploy'],
  ['after details with a line break', '<details>a<br>b</details>\n\n/deploy'],
  ['after hidden HTML that the end of a list ends', '- <div hidden>x\n\n/deploy'],
  ['after hidden HTML that the end of a quote ends', '> a\n>\n> <div hidden>x\n\n/deploy'],
  ['after a forwarded message that is quoted', 'Begin forwarded message:\n> fine\n\n/deploy'],
  ['above the introduction of a mail that is left out', '/deploy\n\nOn Mon, 2 Nov 2026, Ada wrote:'],
  ['after a sender alone', 'From: Ada\n/deploy'],
  ['after a table with an odd mark', '| a |\n|---|\n| $$ |\n\n/deploy\n\n$$'],
  ['between two marks of which none has another', '>>>\n\n/deploy\n\n$$'],
  ['after a comment that went on behind a blank line', 'x <!-- y\n\nz --> w\n\n/deploy'],
  ['after a comment whose end begins a line', 'x <!-- y\n\n-->\n\n/deploy'],
  ['after a footnote', 'x[^1]\n\n[^1]: see\n\n    a\n\n/deploy'],
  ['below a blank line behind what may be a footnote', '[^1]:\n\n/deploy'],
  ['below text behind what may be a footnote', 'x [^1]\n\n[^1]: `y`\n\n/deploy'],
  ['in a list behind a footnote', '[^1]: see\n- x\n\n    /deploy'],
  ['below what is written somewhere, in Russian', 'Как написано в README:\n\n/deploy'],
  ['below what is to be written, in Russian', 'Осталось написать тесты, проверю так:\n/deploy'],
  ['below what somebody has written, in Spanish', 'Como ha escrito Ada en el issue:\n\n/deploy'],
  ['below what somebody has written, in Dutch', 'Ik heb de tests geschreven, nu nog:\n\n/deploy'],
  ['below two texts that are compared', '==== Original ====\nx\n==== Changed ====\ny\n\n/deploy'],
  ['after code below a footnote that text has ended', '[^1]: see\n\nx\n\n    a\n\n/deploy'],
  ['below code behind a footnote that text has ended below blanks', '[^1]: see\n \nx\n\n    a\n/deploy'],
  ['directly below code that is in no footnote', '[^1]: see\n\nx\n\n    a\n/deploy'],
  ['after an address in a field, and a time in none', 'Größe: ada@x.example\n2026-11-02 10:00 war es so\n\n/deploy'],
  ['after an address in a field, and a time without a year', 'Größe: ada@x.example\nUhr: um 10:00\n\n/deploy'],
  ['before a formula', 'x\n/deploy\nand $a$'],
  ['after a formula', 'a $x$ b\n/deploy'],
  ['some lines after a formula', 'a\nb\nc\nd $long formula$\n/deploy'],
])('a command is found %s', (_, body) => {
  expect(names(body)).toEqual(['deploy']);
});

test.each<[string, string, string[]]>([
  ['as they are written', '/deploy my_app_* **x**', ['my_app_*', '**x**']],
  ['in code, without its backticks', '/deploy `staging`', ['staging']],
  ['of a link, as they are shown', '/deploy <https://x.example>', ['https://x.example']],
  ['without what is hidden', '/deploy staging <!-- production -->', ['staging']],
  ['between blanks of any kind', '/deploy\u00a0staging\u200b now', ['staging', 'now']],
  ['that are more than a line of code', '/deploy `a\nb`', ['a', 'b']],
  ['that are none', '/deploy', []],
  ['without an image', '/deploy ![now](https://x.example/a.png) staging', ['staging']],
  ['beside hidden HTML without words', '/deploy staging <b hidden></b>', ['staging']],
  ['beside a comment that is struck out', '/deploy ~~<!-- x -->~~', []],
])('a command is found with its words %s', (_, body, args) => {
  expect(commandsIn(body)).toEqual([{ name: 'deploy', args }]);
});

const HIDDEN: readonly [string, string][] = [
  ['in a comment of several lines', '<!--\n/deploy\n-->'],
  ['in a comment with a blank line', '<!--\n\n/deploy\n\n-->'],
  ['in a comment that begins after text', 'x <!--\n/deploy\n-->'],
  ['in a comment that begins after text, with a blank line', 'x <!-- y\n\n/deploy\n\n-->'],
  ['in a comment after a closed one', '<!-- a --> <!--\n/deploy\n-->'],
  ['in a comment that nothing closes', '<!--\n\n/deploy'],
  ['in a comment that begins in a list', '- <!--\n\n/deploy'],
  ['on the line where a comment ends', '<!--\n/deploy -->'],
  ['in preformatted text', '<pre>\n/deploy\n</pre>'],
  ['in preformatted text with a blank line', '<pre>\n\n/deploy\n\n</pre>'],
  ['in preformatted text that begins after text', 'x <pre>\n\n/deploy\n\n</pre>'],
  ['in capital preformatted text', '<PRE\n>\n\n/deploy\n</PRE>'],
  ['in a script', '<script>\n\n/deploy\n\n</script>'],
  ['in a style', '<style>\n/deploy\n</style>'],
  ['in a text area', '<textarea>\n\n/deploy\n</textarea>'],
  ['in a template', '<template>\n\n/deploy\n\n</template>'],
  ['in an attribute of details', '<details title="\n/deploy\n">'],
  ['in an attribute of details with blank lines', '<details title="\n\n/deploy\n\n">x</details>'],
  ['in an attribute of an inline element', 'x <b title="\n/deploy\n">y</b>'],
  ['in an attribute that nothing closes', "<div title='\n\n/deploy"],
  ['in closed details', '<details><summary>Log</summary>\n\n/deploy\n\n</details>'],
  ['in details without a blank line', '<details>\n/deploy\n</details>'],
  ['in a quote of HTML', '<blockquote>\n\n/deploy\n\n</blockquote>'],
  ['in code of HTML', '<code>\n\n/deploy\n\n</code>'],
  ['in an element that is hidden', '<div hidden>\n\n/deploy\n\n</div>'],
  ['in an element of another style', '<div style="display:none">\n\n/deploy\n\n</div>'],
  ['in a block of HTML', '<div>\n/deploy\n</div>'],
  ['in a processing instruction', '<?x\n\n/deploy\n?>'],
  ['in character data', '<![CDATA[\n\n/deploy\n]]>'],
  ['in a fence', '```\n/deploy\n```'],
  ['in a fence of tildes', '~~~ sh\n\n/deploy\n~~~'],
  ['in a fence that nothing closes', '```\n/deploy'],
  ['in a fence that something else does not close', '````\n```\n/deploy\n````'],
  ['in a fence in a list', '- ```\n  /deploy\n  ```'],
  ['in a fence in a numbered list', '1. x\n   ```\n   /deploy\n   ```'],
  ['in a fence in a list, less indented', '- x\n\n  ~~~\n  a\n\n  /deploy\n  ~~~'],
  ['in indented code', 'x\n\n    /deploy'],
  ['in code indented by a tab', '\t/deploy'],
  ['in code over lines', 'x `a\n/deploy\nb`'],
  ['in code of two backticks over lines', '``\n/deploy\n``'],
  ['in a quote', '> /deploy'],
  ['in a lazy quote', '> x\n/deploy'],
  ['in a lazy quote in a list', '- > x\n/deploy'],
  ['in a quote in a quote', '> > x\n/deploy'],
  ['in a list in a quote', '> - x\n/deploy'],
  ['in a quote of GitLab', '>>>\n/deploy\n>>>'],
  ['in a quote of GitLab with blank lines', '>>>\nx\n\n/deploy\n\n>>>'],
  ['in an alert', '> [!NOTE]\n/deploy'],
  ['in an alert of GitLab with blank lines', '>>> [!warning] Title\nx\n\n/deploy\n>>>'],
  ['in an alert of GitLab without a title', '>>>[!NOTE]\n\n/deploy\n\n>>>'],
  ['in a long quote of GitLab', '>>>>\n/deploy\n>>>>'],
  ['in a quote of GitLab that a longer mark ends', '>>>\nx\n\n/deploy\n\n>>>>'],
  ['in a long quote of GitLab, behind a short one', '>>>>\n\n>>>\nx\n>>>\n\n/deploy\n\n>>>>'],
  ['in a long quote of GitLab, in a short one', '>>>>\n\n>>>\n\n/deploy\n\n>>>\n\nx\n\n>>>>'],
  ['in a quote of GitLab around a longer mark', '>>>\nx\n>>>>\n/deploy\n>>>'],
  ['in a quote of GitLab that a longer mark stands above', '>>>>\n\nx\n>>>\n/deploy\n>>>'],
  ['in a long quote of GitLab around a longer mark', '>>>>\n\nx\n\n>>>>>\n\n/deploy\n\n>>>>'],
  ['in a formula whose marks are indented', 'x\n  $$\n\n/deploy\n\n  $$'],
  ['in a formula in brackets', '\\[\n/deploy\n\\]'],
  ['in a formula in brackets with blank lines', 'x\n\n\\[\n\n/deploy\n\n\\]'],
  ['in a formula in brackets, of which one is begun twice', '\\[\n\n/deploy\n\n\\[\n\nx\n\n\\]'],
  ['in a drawing', '::: mermaid\n/deploy\n:::'],
  ['in a drawing with blank lines', ':::mermaid\nx\n\n/deploy\n\n:::'],
  ['in a mail that begins with the date', 'Ok\n\nDate: Mon, 2 Nov 2026 10:00, Ada <a@x.example> wrote:\n\n/deploy'],
  ['in a mail that begins with when it was sent', 'Sent: Mon, 2 Nov 2026 10:00 Ada <a@x.example>:\n\n/deploy'],
  ['in a mail that begins with the date in Italian', 'Data: 02/11/2026 10:00 - Ada ha scritto:\n\n/deploy'],
  ['in a mail of Zoho', 'Ok\n\n---- On Mon, 02 Nov 2026 10:00:00 +0100 Ada <a@x.example> wrote ----\n\n/deploy'],
  ['in a mail of Zoho, by a name', '---On Mon, 02 Nov 2026 Ada wrote---\n\n/deploy'],
  ['in a mail of GMX', 'Gesendet: Montag, 02. November 2026 um 10:00 Uhr\nVon: "Ada" <a@x.example>\nAn: b\n\n/deploy'],
  ['in a mail of GMX in English', '**Sent:** Monday, November 2, 2026 at 10:00 AM\n**From:** ada@x.example\n\n/deploy'],
  ['in a mail that is answered', 'Thanks!\n\nOn Mon, 2 Nov 2026 at 10:00, Ada <ada@x.example> wrote:\n\n/deploy'],
  ['in a mail, right below', 'Thanks!\nOn Mon, 2 Nov 2026 at 10:00 Ada wrote:\n/deploy'],
  ['in a mail with a long head', 'On Mon, 2 Nov 2026 at 10:00, Ada\n<ada@x.example> wrote:\n/deploy'],
  [
    'in a Hebrew mail, whose marks of direction are not seen',
    '\u200fבתאריך יום ג׳, 3 בנוב׳ 2026 ב-9:00 מאת \u202aAda\u202c\u200f <\u202aada@x.example\u202c\u200f>:\u202c\n/deploy',
  ],
  [
    'in an Arabic mail, whose colon such a mark follows',
    'في الثلاثاء، 3 نوفمبر 2026 في 9:00 ص تمت كتابة ما يلي بواسطة \u202aAda\u202c\u200f <\u202aada@x.example\u202c\u200f>:\u200f\n/deploy',
  ],
  [
    'below the head of a Turkish mail',
    'Kimden: Ada <ada@x.example>\nGönderildi: 3 Kasım 2026 Salı 09:00\nKime: Bob\n\n/deploy',
  ],
  [
    'below the head of an Indonesian mail',
    'Dari: Ada <ada@x.example>\nDikirim: Selasa, 3 November 2026 09.00\nKe: Bob\n\n/deploy',
  ],
  [
    'below the head of a Korean mail',
    '보낸 사람: Ada <ada@x.example>\n보낸 날짜: 2026년 11월 3일 화요일 09:00\n\n/deploy',
  ],
  [
    'below the head of a Finnish mail',
    'Lähettäjä: Ada <ada@x.example>\n**Lähetetty:** tiistai 3.11.2026 klo 9:00\n\n/deploy',
  ],
  ['in a German mail', 'Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Ada <ada@x.example>:\n\n/deploy'],
  ['in a French mail', 'Le lun. 2 nov. 2026 à 10:00, Ada <a@x.example> a écrit :\n\n/deploy'],
  ['in a mail of Outlook', 'Ok\n\n-----Original Message-----\nFrom: Ada\nSent: Monday\n\n/deploy'],
  [
    'in a mail of Outlook on the web',
    '________________________________\nFrom: Ada <a@x.example>\nSent: Monday\nTo: Bob\n\n/deploy',
  ],
  ['in a mail with a bold head', '**From:** Ada\n**Date:** Monday\n\n/deploy'],
  ['in a forwarded mail', 'Begin forwarded message:\n\n/deploy'],
  [
    'in a Spanish mail of Outlook',
    'De: Ada <a@x.example>\nEnviado el: lunes, 2 de noviembre de 2026 10:00\nPara: Bob\n\n/deploy',
  ],
  [
    'in a Brazilian mail of Outlook',
    'De: Ada\nEnviada em: segunda-feira, 2 de novembro de 2026 10:00\nPara: Bob\n\n/deploy',
  ],
  ['in a Romanian mail of Outlook', 'De la: Ada\nTrimis: luni, 2 noiembrie 2026 10:00\n\n/deploy'],
  ['in a Croatian mail of Outlook', 'Od: Ada\nPoslano: 2. studenoga 2026. 10:00\n\n/deploy'],
  ['in a Danish mail of Apple', 'Fra: Ada\nDato: 2. november 2026 kl. 10.00\n\n/deploy'],
  ['in a mail whose bold head has its colons outside', '**From**: Ada\n**Sent**: Monday\n\n/deploy'],
  ['below a separator in Russian', '-----Исходное сообщение-----\nx\n\n/deploy'],
  ['below a separator in Swedish', '-----Ursprungligt meddelande-----\nx\n\n/deploy'],
  ['below a separator in Turkish', '-----Özgün İleti-----\nx\n\n/deploy'],
  ['below a separator in Polish', '---------- Wiadomość przekazana dalej ---------\nx\n\n/deploy'],
  ['below a separator of QQ', '------------------ 原始邮件 ------------------\nx\n\n/deploy'],
  ['in a mail that Apple forwards in German', 'Anfang der weitergeleiteten Nachricht:\n\n/deploy'],
  ['in a mail that Apple forwards in French', 'Début du message réexpédié :\n\n/deploy'],
  ['in a Persian mail, with its digits', 'در تاریخ دوشنبه ۲ نوامبر ۲۰۲۶ ۱۰:۰۰ Ada <a@x.example> گفت:\n\n/deploy'],
  ['in an Arabic mail, with its digits', 'في ٢ نوفمبر ٢٠٢٦ في ١٠:٠٠ ص بواسطة Ada <a@x.example>:\n\n/deploy'],
  ['in a Czech mail of Thunderbird', 'Dne 02. 11. 26 v 10:00 Ada napsal(a):\n\n/deploy'],
  ['in a Hungarian mail of Thunderbird', '2026. 11. 02. 10:00 keltezéssel, Ada írta:\n\n/deploy'],
  ['in a Greek mail of Thunderbird', 'Στις 02/11/2026 10:00, ο/η Ada έγραψε:\n\n/deploy'],
  ['in a list', '- /deploy'],
  ['in a numbered list', '1. /deploy'],
  ['in a heading', '# /deploy'],
  ['in a table', '| a |\n|---|\n| x |\n/deploy'],
  ['in the text of a link', '[x\n/deploy\n](https://x.example)'],
  ['in the title of a link', '[x](https://x.example "\n/deploy\n")'],
  ['in the title of a reference', '[x]: https://x.example "a\n/deploy\nb"'],
  ['in the text of an image', '![x\n/deploy\n](https://x.example/a.png)'],
  ['in a footnote', 'x\n\n[^1]: see\n/deploy'],
  ['in the second paragraph of a footnote', 'x[^1]\n\n[^1]: see\n\n    a\n/deploy'],
  ['in what is a reference where footnotes are not known', '[^1]:\n/deploy'],
  ['in such a reference that is indented', 'x[^1]\n\n[^1]:\n   /deploy "y"'],
  ['in a lazy quote below what may be a footnote', '> x\n[^1]:\n/deploy'],
  ['in code over lines, of which one may be a footnote', 'x `a\n[^1]:\n/deploy\nb`'],
  ['in code over lines, of which one may be a footnote with a heading', 'x `a\n[^1]: # y\n/deploy\nb`'],
  ['in an attribute around what may be a footnote', 'x <b title="\n[^1]:\n/deploy\n">y</b>'],
  ['in the text of a link around what may be a footnote', '[x\n[^1]:\n/deploy\n](https://x.example)'],
  ['in a table with what may be a footnote', '| a |\n|---|\n[^1]:\n/deploy'],
  ['struck out around what may be a footnote', '~~x\n[^1]:\n/deploy\ny~~'],
  ['in a footnote that begins a line below', 'x[^1]\n\n[^1]:\n    a\n/deploy'],
  ['in a footnote below its heading', 'x[^1]\n\n[^1]: see\n\n    # a\n    b\n/deploy'],
  ['in a Dutch mail of Apple', 'Op 2 nov. 2026 heeft Ada het volgende geschreven:\n\n/deploy'],
  ['in a Macedonian mail', 'На 2 ноември 2026 Ada написа:\n\n/deploy'],
  ['in an English mail of QQ', '------------------ Original ------------------\nx\n\n/deploy'],
  ['in a later paragraph of a footnote', 'x[^1]\n\n[^1]: see\n\n    a\n\n\tb\n/deploy'],
  ['in the second paragraph of a footnote of two lines', '[^1]: see\nmore\n\n    a\n/deploy'],
  ['in a paragraph of a footnote below two blank lines', '[^1]: see\n\n\n    a\n/deploy'],
  ['in a paragraph of a footnote below lines of blanks', '[^1]: see\n \n  \n    a\n/deploy'],
  ['in a formula', '$$\n/deploy\n$$'],
  ['struck out', '~~x\n/deploy\ny~~'],
  ['struck out by HTML', '<del>\n\n/deploy\n\n</del>'],
  ['struck out by one tilde', '~x\n/deploy\ny~'],
  ['in a formula that begins with text', '$$ x\n/deploy\n$$'],
  ['in a formula within a line', '$a\n/deploy\nb$'],
  ['in a quote of GitLab in a list', '- >>>\n  /deploy\n  >>>'],
  ['after front matter that hides', '---\n<details>\n---\n\n/deploy'],
  ['below the mark of a list', '-\n  /deploy'],
  ['in the brackets of a ruby', '<ruby>x<rp>\n\n/deploy\n\n</rp></ruby>'],
  ['in letters in another order', '<bdo dir="rtl">\n\n/deploy\n\n</bdo>'],
  ['in white letters', '<font color="white">\n\n/deploy\n\n</font>'],
  ['after an end tag in a script', '<details><script>"</details>"</script>\n\n/deploy\n\n</details>'],
  ['after an end tag in a text area', '<details>\n<textarea></details></textarea>\n\n/deploy\n\n</details>'],
  ['after details that begin in a text area', '<textarea><details></textarea>\n\n/deploy\n\n</details>'],
  ['after quotes that belong to values', '<div x=a"><details><p y=c"d>\n\n/deploy\n\n</details>'],
  ['after an equals sign that is a name', '<div ="><details><p x="y">\n\n/deploy\n\n</details>'],
  ['after an end tag in character data', '<details>\n<![CDATA[ </details>\n]]>\n\n/deploy'],
  ['after an end tag in an instruction', '<details>\n<? </details> ?>\n\n/deploy'],
  ['after a comment that ends with a bang', '<!-- --!><details><!-- -->\n\n/deploy'],
  ['after a comment that ends at once', '<!--><details>\n<!-- -->\n\n/deploy'],
  ['after an end tag that a table keeps from counting', '<details><table></details></table>\n\n/deploy'],
  ['after an end tag that counts at some providers', '<details><div></details></div>\n\n/deploy'],
  ['after an end tag in a list', '<details>\n\n- </details>\n\n/deploy'],
  ['after text struck out from a list on', '- <s>x\n\n/deploy'],
  ['after code from a quote on', '> <code>x\n\n/deploy'],
  ['after a text area from a list on', '- <textarea>x\n\n/deploy'],
  ['after a template from a cell on', '| a |\n|---|\n| <template>x |\n\n/deploy'],
  ['with words struck out', '/deploy ~~production~~'],
  ['with words struck out by HTML', '/deploy <s>production</s>'],
  ['with words that are hidden', '/deploy <b hidden>production</b>'],
  ['in a Japanese mail', '2026年11月2日(月) 10:00 Ada <a@x.example>:\n\n/deploy'],
  ['in a Russian mail', 'пн, 2 нояб. 2026 г. в 10:00, Ada <a@x.example>:\n\n/deploy'],
  ['in a Korean mail', '2026년 11월 2일 (월) 오전 10:00, Ada <a@x.example>님이 작성:\n\n/deploy'],
  ['in a Turkish mail', 'Ada <a@x.example>, 2 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:\n\n/deploy'],
  ['in a Hungarian mail', 'Ada <a@x.example> ezt írta (időpont: 2026. nov. 2., H, 10:00):\n\n/deploy'],
  ['in a mail with a bold introduction', '**On Mon, 2 Nov 2026, Ada wrote:**\n\n/deploy'],
  ['in a mail with a long head', 'From: Ada\nReply-To: x\nTo: Bob\nCc: x\nSubject: y\nDate: Monday\n\n/deploy'],
  ['below the line where answers are cut', '## Please do not write below this line ##\n\n/deploy'],
  ['escaped', '\\/deploy'],
  ['as an entity', '&#47;deploy'],
  ['in bold', '**/deploy**'],
  ['within a line', 'Use /deploy'],
  ['in a path', '/deploy/x'],
  ['with a comma', '/deploy, please'],
  ['with letters in another order', '/deploy \u202egnigats'],
  ['with a control character', '/deploy \u0000x'],
  ['in all capitals', '/DEPLOY'],
  ['after a paragraph in a comment that begins after text', 'x <!-- y\n\nz\n\n/deploy\n\n-->'],
  ['in a comment that begins an indented line', 'x\n     <!-- y\n\n/deploy\n\n-->'],
  ['in a formula with blank lines', '$$\n\n/deploy\n\n$$'],
  ['struck out by one tilde after many lines', `${'a\n'.repeat(20)}~x\n/deploy\ny~`],
  ['as a word of code', 'x\n`/deploy`'],
  ['as a word of code after a no-break space', 'x\n\u00a0`/deploy`'],
  ['as the text of a link', 'x\n[/deploy](https://x.example)'],
  ['as the text of a link after a no-break space', 'x\n\u00a0[/deploy](https://x.example)'],
  ['in bold of HTML', 'x\n<b>/deploy</b>'],
  ['in bold of HTML after a no-break space', 'x\n\u00a0<b>/deploy</b>'],
  ['after plain text that no tag ends', 'x <plaintext>y</plaintext>\n\n/deploy'],
  ['after tags that end in another order, and end again', '<details><i></details></i></details>\n\n/deploy'],
  ['after a tag in a text area', '<textarea><br></textarea>\n\n/deploy'],
  ['after a comment in a script', '<script><!-- x --></script>\n\n/deploy'],
  ['in details behind a list', '<details>\n\n- x\n\n/deploy\n\n</details>'],
  ['in a mail whose head takes three lines', 'Fine.\n\nOn Mon, Ada Lovelace\n<ada@x.example>\nwrote:\n\n/deploy'],
  ['in a mail whose head begins with its time', 'Fine.\n\n2026/11/02 10:00 Ada\n<ada@x.example>\nwrote:\n\n/deploy'],
  ['in a mail whose bold head takes three lines', '**On Mon, Ada Lovelace\n<ada@x.example>\nwrote:**\n\n/deploy'],
  ['in a French mail whose head is broken', 'Le lun. 2 nov. 2026, Ada a\nécrit :\n\n/deploy'],
  ['in a mail whose head begins with a no-break space', '\u00a0On Mon, 2 Nov 2026, Ada wrote:\n\n/deploy'],
  ['in a comment of ours', '/deploy\n<!-- hookyard:answer -->'],
  ['in a comment of ours that quotes', '> x\n\n/deploy\n\n<!-- hookyard:answer -->\n'],
];

test.each(HIDDEN)('a command is not one %s', (_, body) => {
  expect(names(body)).toEqual([]);
  expect(names(body.replaceAll('\n', '\r\n'))).toEqual([]);
});

test.each(HIDDEN)('a command is not one %s, and the one before it counts', (_, body) => {
  if (body.includes('hookyard:')) return;
  expect(names(`/retest\n\n${body}`)).toEqual(['retest']);
});

test.each(['---', '+++', ';;;'])('a command is not one in what a comment begins with between two %s', (mark) => {
  expect(names(`${mark}\n/deploy\n${mark}`)).toEqual([]);
  expect(names(`${mark}\n/deploy\n${mark}\n\n/retest`)).toEqual(['retest']);
});

test('a command that leads to a footnote is one, though the footnote may be where a link leads', () => {
  expect(names('/retest [^1]\n\n[^1]: https://ci.example/1')).toEqual(['retest']);
  const [deploy] = commandsIn('/deploy staging [^why]\n\n[^why]: flaky');
  expect(deploy).toEqual({ name: 'deploy', args: ['staging', '[^why]'] });
  expect(names('[^1]:\n/retest\n\n[^1]: https://ci.example/1')).toEqual([]);
});

test('a command that what may be a footnote hides is not one, though the same stands elsewhere', () => {
  expect(names('[^1]:\n/deploy\n\n/retest')).toEqual(['retest']);
  expect(names('/deploy\n\n[^1]:\n/deploy')).toEqual(['deploy']);
  expect(names('[^1]:\n/deploy\n\n/deploy\n\n/deploy')).toEqual(['deploy', 'deploy']);
});

test('a command is not one in a last block that was cut', () => {
  expect(names(`/retest\n\n${`x `.repeat(4_980)}\`\n/deploy\n${'y'.repeat(100)}\``)).toEqual(['retest']);
  expect(names(`/retest\n\n- a\n\n  /deploy\n\n  ${'x '.repeat(5_000)}`)).toEqual(['retest']);
  expect(names(`/retest\n\n\`\`\`\n${'x\n'.repeat(5_000)}`)).toEqual(['retest']);
});

describe('work', () => {
  const parts =
    '> |>|- |* - |1. |[|![|[a](|[a](<|`|```\n|`a``|~|*|_a|<!--|<!-- a -->|<a |<a x="|&|\\|\\\n|a\n|/a\n|[a]: b\n|[a][|](|<?|<![CDATA[|</a>|' +
    '<details>\n\n|    a\n|- a\n  - b\n    |a\n=\n|~~|~~a |>- |> a\nb\n|$$\n|<x@y.z>|a  \n|[[|(|"|<b>|<pre>\n|-->\n|>>>\n|On a |From: a\n|\u00a0|\u200b ';
  // Of so many characters, each with each other would be hundreds of times as much work.
  test.each(parts.split('|').filter((part) => part !== ''))(
    '64 kB of %j take no more work than they are worth',
    (part) => {
      const rest = part.repeat(65_536 / part.length);
      for (const body of [
        `/deploy\n${rest}`,
        `/deploy ${rest}\n/deploy`,
        `${rest}\n/deploy`,
        `${rest.slice(0, 9_900)}\n/deploy`,
      ]) {
        const { commands, looks, tries } = counted(() => commandsIn(body));
        expect(commands.length).toBeLessThanOrEqual(10);
        expect(looks).toBeLessThan(3_000_000);
        expect(tries).toBeLessThan(100_000);
      }
    },
  );
});

/** Counts how often a text was looked into, and a pattern tried. */
function counted(work: () => Command[]): { commands: Command[]; looks: number; tries: number } {
  const { charCodeAt } = String.prototype;
  const { exec } = RegExp.prototype;
  let looks = 0;
  let tries = 0;
  Object.assign(String.prototype, {
    charCodeAt(this: string, at: number) {
      looks += 1;
      return charCodeAt.call(this, at);
    },
  });
  Object.assign(RegExp.prototype, {
    exec(this: RegExp, text: string) {
      tries += 1;
      return exec.call(this, text);
    },
  });
  try {
    const commands = work();
    return { commands, looks, tries };
  } finally {
    Object.assign(String.prototype, { charCodeAt });
    Object.assign(RegExp.prototype, { exec });
  }
}
