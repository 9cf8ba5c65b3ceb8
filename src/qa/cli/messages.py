"""The one catalogue of what the command line says, in English and in Korean, and the choice between the two."""

from __future__ import annotations

from collections.abc import Mapping

from qa.records import Language


def choose_language(environment: Mapping[str, str], wanted: str = "") -> Language:
    """`wanted` if it names a language, else what `QA_LANGUAGE`, then the locale (LC_ALL, LC_MESSAGES, LANG) says."""
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    for name in (wanted, environment.get("QA_LANGUAGE", ""), locale[:2].lower()):
        if name in set(Language):
            return Language(name)
    return Language.ENGLISH


def say(key: str, language: Language | str, **values: object) -> str:
    """The message `key` in `language`, filled in. Raises KeyError for a key that is not in the catalogue."""
    english, korean = MESSAGES[key]
    return (korean if language == "ko" else english).format(**values)


MESSAGES: Mapping[str, tuple[str, str]] = {
    # Help: the frame
    "help.about": (
        "Geungeo answers questions about Korean documents, with the passages that it rests on.",
        "근거: 한국어 문서에 묻고, 문서의 문장으로 답을 듣습니다.",
    ),
    "help.usage": ("Usage", "사용법"),
    "help.commands": ("Commands", "명령"),
    "help.arguments": ("Arguments", "인자"),
    "help.options": ("Options", "옵션"),
    "help.filters": ("Where to look", "찾을 범위"),
    "help.shared": ("For every command", "모든 명령의 옵션"),
    "help.examples": ("Examples", "예"),
    "help.exit": ("Exit codes", "종료 코드"),
    "help.usage_group": ("qa COMMAND [OPTIONS]", "qa 명령 [옵션]"),
    "help.usage_options": ("[OPTIONS]", "[옵션]"),
    "help.more": (
        "`qa COMMAND --help` tells more. Every setting can also be given as a variable QA_<NAME>.",
        "`qa 명령 --help`에 자세한 설명이 있습니다. 모든 설정은 QA_<이름> 환경 변수로도 줄 수 있습니다.",
    ),
    "examples.qa": (
        'qa index report.txt papers/ --index ./index\nqa ask "When did Seoul join UCLG?"',
        'qa index 보고서.txt 논문/ --index ./index\nqa ask "서울시는 언제 UCLG에 가입했나요?"',
    ),
    "examples.index": (
        "qa index report.txt\nqa index papers/ --index ./index",
        "qa index 보고서.txt\nqa index 논문/ --index ./index",
    ),
    "examples.ask": (
        'qa ask "What is city diplomacy?"\nqa ask "Who chairs it?" --document report --json\n'
        "qa ask --index ./index --batch questions.jsonl --hits 20 > answers.jsonl",
        'qa ask "도시외교란 무엇인가요?"\nqa ask "의장은 누구인가요?" --document report --json\n'
        "qa ask --index ./index --batch questions.jsonl --hits 20 > answers.jsonl",
    ),
    "examples.search": ('qa search "sister cities" --explain', 'qa search "자매도시 결연" --explain'),
    "examples.show": ("qa show report\nqa show report --text > report.txt", "qa show report\nqa show report --text"),
    "exit.qa": (
        "0 done · 1 a file could not be read · 2 wrong input · 3 the index cannot be used · 4 no such document · "
        "5 the encoder · 6 the language model · 7 a line of the batch had an error · 130 interrupted",
        "0 끝냄 · 1 읽지 못한 파일이 있음 · 2 잘못된 입력 · 3 쓸 수 없는 색인 · 4 없는 문서 · 5 인코더 · "
        "6 언어 모델 · 7 묶음에 오류가 난 줄이 있음 · 130 중단",
    ),
    "exit.index": ("0 all read · 1 some files were skipped", "0 모두 읽음 · 1 건너뛴 파일이 있음"),
    "exit.ask": (
        "0 answered, or not found; with --batch: every line was · 7 a line of the batch had an error (it is in that "
        "line; the others are answered)",
        "0 답했거나 답이 없음(--batch에서는 모든 줄이) · 7 오류가 난 줄이 있음(그 줄에 적고 나머지에는 답합니다)",
    ),
    # Help: commands
    "command.qa": ("", ""),
    "command.index": (
        "Read documents and build the index, or bring it up to date",
        "문서를 읽어 색인을 만들거나 새로 고칩니다",
    ),
    "command.ask": ("Answer a question with its sources", "질문에 출처와 함께 답합니다"),
    "command.search": ("List the passages that fit best", "가장 알맞은 대목을 찾습니다"),
    "command.show": (
        "Show a document or a passage and how its text was repaired",
        "문서나 대목을 보이고 본문을 어떻게 고쳤는지 알립니다",
    ),
    "command.info": ("Tell what the index holds", "색인에 무엇이 있는지 알립니다"),
    "command.delete": ("Remove documents from the index", "색인에서 문서를 지웁니다"),
    # Help: arguments and options
    "option.paths": ("Files, or folders to look through", "파일, 또는 안을 살펴볼 폴더"),
    "option.question": ("The question, in Korean or in English", "한국어 또는 영어 질문"),
    "option.query": ("What to look for", "찾을 말"),
    "option.identifier": ("Identifier of a document or a passage", "문서나 대목의 ID"),
    "option.documents": ("Identifiers of documents (`qa info` lists them)", "문서 ID(`qa info`에 나옵니다)"),
    "option.batch": (
        'JSONL file of {{"id", "question"}}, - for standard input; one line of JSON comes back for each line',
        '{{"id", "question"}} JSONL 파일(-는 표준 입력). 한 줄마다 JSON 한 줄로 답합니다',
    ),
    "option.keep": (
        "Keep documents whose files are not among the PATHs",
        "PATH에 파일이 없는 문서도 색인에 남깁니다",
    ),
    "option.hits": ("Passages to list", "보일 대목의 수"),
    "option.explain": ("Tell why each passage was found", "대목을 찾은 까닭을 함께 보입니다"),
    "option.text": ("Print the text alone", "본문만 출력합니다"),
    "option.document": ("Only this document (repeat for more)", "이 문서에서만(여러 번 쓸 수 있음)"),
    "option.author": ("Only works of this author", "이 저자의 글에서만"),
    "option.from_year": ("Only works of this year or later", "이 해와 그 뒤의 글에서만"),
    "option.to_year": ("Only works of this year or earlier", "이 해와 그 앞의 글에서만"),
    "option.region": (
        "Only this part of a work: front, abstract, abstract_en, body, references, back",
        "글의 이 부분에서만: front, abstract, abstract_en, body, references, back",
    ),
    "option.kind": (
        "Only blocks of this kind: paragraph, footnote, table, figure, list, reference",
        "이 종류의 단락에서만: paragraph, footnote, table, figure, list, reference",
    ),
    "option.index": ("Folder of the index [QA_INDEX, else ./index]", "색인 폴더 [QA_INDEX, 없으면 ./index]"),
    "option.settings": ("TOML file of settings", "설정 TOML 파일"),
    "option.json": ("One JSON object on standard output", "표준 출력에 JSON 객체 하나로 답합니다"),
    "option.language": ("Language of messages [default: that of LANG]", "메시지의 언어 [기본값: LANG을 따름]"),
    "option.verbose": ("Log what happens on standard error", "무엇을 하는지 표준 오류에 기록합니다"),
    "option.version": ("Print the version", "버전을 출력합니다"),
    "option.help": ("Print this help", "이 도움말을 출력합니다"),
    # Wrong use of the command line
    "usage.no_option": ("There is no option {subject}.", "{subject} 옵션은 없습니다."),
    "usage.no_command": ("There is no command {subject}.", "{subject} 명령은 없습니다."),
    "usage.missing": ("{subject} is missing.", "{subject}이(가) 빠졌습니다."),
    "usage.bad_value": ("{subject} cannot take this value: {detail}", "{subject}에 쓸 수 없는 값입니다: {detail}"),
    "usage.other": ("The command cannot be understood: {detail}", "명령을 이해할 수 없습니다: {detail}"),
    "usage.hint": ("`{command} --help` tells how.", "`{command} --help`로 쓰는 법을 볼 수 있습니다."),
    "usage.question_or_batch": (
        "Give either a question or --batch FILE.",
        "질문 하나를 주거나 --batch FILE을 쓰세요.",
    ),
    "error": ("Error", "오류"),
    "note": ("Note", "알림"),
    "interrupted": ("Interrupted.", "중단했습니다."),
    # Answers
    "answer.nearest": ("The nearest passages, which may not answer it", "가장 가까운 대목(답이 아닐 수 있습니다)"),
    "answer.sources": ("Sources", "출처"),
    "answer.probability": (
        "Probability that the documents answer: {percent}%",
        "문서에 답이 있을 확률 {percent}%",
    ),
    "answer.seconds": ("{seconds:.2f} s", "{seconds:.2f}초"),
    "answer.worded_by": (
        "Worded by {model}; every sentence was checked against its source",
        "{model}의 문장이며, 문장마다 출처와 맞는지 확인했습니다",
    ),
    "answer.dropped": ("Left out, since no source bears it out", "출처로 뒷받침되지 않아 뺀 문장"),
    "page": ("p. {page}", "{page}쪽"),
    "pages": ("pp. {page}-{last}", "{page}-{last}쪽"),
    # Batches
    "batch.progress": ("Questions", "질문"),
    "batch.not_json": ("The line is no JSON object: {detail}.", "JSON 객체가 아닌 줄입니다: {detail}."),
    "batch.no_question": (
        'The line has no "question" that is a text.',
        '문자열 "question"이 없는 줄입니다.',
    ),
    "batch.unreadable": (
        "The batch file {subject} cannot be read: {detail}. Give a JSONL file, or - for standard input.",
        "묶음 파일 {subject}을(를) 읽을 수 없습니다: {detail}. JSONL 파일이나 -(표준 입력)를 지정하세요.",
    ),
    # Search
    "search.none": ("No passage fits.", "알맞은 대목이 없습니다."),
    "search.terms": ("terms", "찾은 말"),
    "search.window": ("best window", "가장 가까운 부분"),
    "search.rank": ("no. {rank}", "{rank}위"),
    "leg.morphemes": ("morphemes", "형태소"),
    "leg.bigrams": ("bigrams", "두 글자 조각"),
    "leg.dense": ("meaning", "의미"),
    "leg.lexical": ("words", "낱말"),
    # Builds and deletions
    "index.file": ("File", "파일"),
    "index.status": ("Status", "상태"),
    "index.passages": ("Passages", "대목"),
    "index.account": ("Repairs, or why not", "고친 것, 또는 까닭"),
    "index.rebuilt": (
        "The index was built anew, since the old one could not be used: {reason}",
        "이전 색인을 쓸 수 없어 처음부터 다시 만들었습니다: {reason}",
    ),
    "index.removed": (
        "Removed, since their files are not among the paths given (--keep keeps them): {names}",
        "주어진 경로에 파일이 없어 지웠습니다(--keep을 주면 남깁니다): {names}",
    ),
    "index.kept_missing": (
        "Kept, though their files are not among the paths given: {names}",
        "주어진 경로에 파일이 없지만 남겼습니다: {names}",
    ),
    "index.total": (
        "The index holds {documents} documents in {passages:,} passages ({seconds:.1f} s).",
        "색인에 문서 {documents}개, 대목 {passages:,}개가 있습니다({seconds:.1f}초).",
    ),
    "index.same": (
        "Nothing changed: {documents} documents in {passages:,} passages ({seconds:.1f} s).",
        "바뀐 것이 없습니다: 문서 {documents}개, 대목 {passages:,}개({seconds:.1f}초).",
    ),
    "status.indexed": ("read", "읽음"),
    "status.unchanged": ("unchanged", "그대로"),
    "status.kept": ("old version kept", "이전 것 유지"),
    "status.skipped": ("skipped", "건너뜀"),
    "delete.done": (
        "Removed {names} ({passages:,} passages).",
        "{names} 문서를 지웠습니다(대목 {passages:,}개).",
    ),
    # What the index holds
    "info.index": ("Index", "색인"),
    "info.generation": ("Generation", "세대"),
    "info.analyser": ("Analyser", "형태소 분석기"),
    "info.encoder": ("Encoder", "인코더"),
    "info.no_encoder": ("none (words only)", "없음(낱말로만 찾음)"),
    "info.title": ("Title", "제목"),
    "count.documents": ("Documents", "문서"),
    "count.passages": ("Passages", "대목"),
    "count.windows": ("Windows of sentences", "문장 묶음"),
    "count.characters": ("Characters", "글자"),
    # A document or a passage
    "show.author": ("Author", "저자"),
    "show.year": ("Year", "연도"),
    "show.publisher": ("Publisher", "발행"),
    "show.id": ("ID", "ID"),
    "show.document": ("Document", "문서"),
    "show.file": ("File", "파일"),
    "show.sha256": ("SHA-256", "SHA-256"),
    "show.characters": ("Characters", "글자"),
    "show.kind": ("Kind", "종류"),
    "show.region": ("Part", "부분"),
    "show.span": ("In the document", "문서에서의 자리"),
    "show.source": ("In the file", "파일에서의 자리"),
    "show.source_span": (
        "{start}-{end}, put together from {pieces} pieces",
        "{start}-{end}, 조각 {pieces}개를 이음",
    ),
    "show.duplicate_of": ("Nearly the same as", "거의 같은 대목"),
    "show.blocks": ("Blocks", "단락"),
    "show.repairs": ("Repaired", "고친 것"),
    "show.discards": ("Left out of the text, and why", "본문에서 뺀 것과 까닭"),
    "show.discard": ("{count:,} ({characters:,} characters)", "{count:,}곳({characters:,}자)"),
    "show.warning": ("Look at", "살펴볼 것"),
    "kind.title": ("title", "제목"),
    "kind.heading": ("heading", "소제목"),
    "kind.paragraph": ("paragraph", "본문 단락"),
    "kind.footnote": ("footnote", "각주"),
    "kind.table": ("table", "표"),
    "kind.figure": ("figure", "그림"),
    "kind.list": ("list", "목록"),
    "kind.reference": ("reference", "참고문헌"),
    "region.front": ("front matter", "앞부분"),
    "region.abstract": ("abstract", "국문 초록"),
    "region.abstract_en": ("English abstract", "영문 초록"),
    "region.body": ("body", "본문"),
    "region.references": ("references", "참고문헌"),
    "region.back": ("back matter", "뒷부분"),
    "repair.lines joined": ("lines joined", "이은 줄"),
    "repair.letter-spaced words closed": ("letter-spaced words closed", "붙인 벌려 쓴 낱말"),
    "repair.headings": ("headings", "소제목"),
    "repair.notes lifted out": ("notes lifted out", "본문에서 들어낸 주"),
    "repair.notes linked": ("notes linked", "번호와 이은 주"),
    "repair.tables and figures": ("tables and figures", "표와 그림"),
    "reason.page number": ("page number", "쪽 번호"),
    "reason.running header": ("running header", "머리글"),
    "reason.ornament": ("ornament", "장식 글자"),
    "reason.white space": ("white space", "빈칸"),
    "reason.front matter": ("front matter", "머리 정보"),
    "reason.comment": ("comment", "주석"),
    "reason.note mark": ("note mark", "주 번호"),
    "reason.letter spacing": ("letter spacing", "벌려 쓴 사이"),
    "reason.invisible": ("invisible signs", "보이지 않는 글자"),
    "reason.contents": ("contents list", "차례"),
    "reason.markup": ("markup", "서식 기호"),
    "reason.rule": ("rule", "구분선"),
    "reason.repeated title": ("repeated title", "되풀이된 제목"),
    "reason.unplaced": ("unplaced", "자리를 찾지 못함"),
}
