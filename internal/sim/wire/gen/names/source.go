package names

import "strings"

// binding is where and how one field stands in a message.
type binding struct {
	place byte   // 0 body, '@' header, '*' header prefix, '?' query, '#' path, '=' the whole body
	name  string // wire name; with '=' the root element, empty for raw bytes
	shape string // the list, map or structure shape it goes through; empty for a scalar
	flat  bool   // a list without an element around it
}

// member is one field of a structure, in both directions.
type member struct{ in, out binding }

// list is how a list or map shape wraps its elements.
type list struct {
	tag  string // element's tag, or "key,value" of a map
	elem string // the element's shape, empty for scalars
}

// route is the method and URI of a rest operation.
type route struct{ method, uri string }

// source gathers what one SDK package's serializers say.
type source struct {
	types  map[string]map[string]*member // ".Vpc" → field → names
	lists  map[string]list               // direction sign and shape name
	routes map[string]route              // operation
	fn     function
}

// function is what is known about the function being read.
type function struct {
	read    func(*source, string) // what to do with its lines; nil: skip
	sign    string                // ">" request, "<" answer
	shape   string                // "TagList"
	typ     string                // ".Tag", "CreateVpcInput", "" for lists and maps
	isMap   bool
	op      string  // for the Handle functions
	pending binding // a name seen, its field not yet
	field   string  // the last field mentioned
}

func newSource() *source {
	return &source{types: map[string]map[string]*member{}, lists: map[string]list{}, routes: map[string]route{}}
}

// scan reads one source file line by line: gofmt'ed, generated code is regular enough.
func (s *source) scan(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.HasPrefix(line, "func "):
			s.fn = open(line)
		case line == "}":
			s.fn = function{}
		case s.fn.read != nil:
			s.fn.read(s, line)
		}
	}
}

// open decides by a function's first line how to read it.
func open(line string) function {
	if rest, ok := strings.CutPrefix(line, "func (m *awsRestxml_"); ok {
		return openHandler(rest)
	}
	rest, ok := strings.CutPrefix(line, "func aws")
	if !ok {
		return function{}
	}
	_, rest, _ = strings.Cut(rest, "_")
	name, params, _ := strings.Cut(rest, "(v ")
	goType, _, _ := strings.Cut(params, ",")
	fn := function{typ: tableName(goType), isMap: strings.Contains(goType, "map[")}
	for _, kind := range kinds() {
		if shape, ok := strings.CutPrefix(name, kind.prefix); ok {
			fn.read, fn.sign, fn.shape = kind.read, kind.sign, shape
			break
		}
	}
	if fn.sign == "<" && strings.Contains(params, "body io.ReadCloser") {
		fn.read = (*source).rawAnswer
	}
	return fn
}

// openHandler is open for the methods that build requests and read answers: they know the body's field, and the route.
func openHandler(rest string) function {
	name, _, _ := strings.Cut(rest, ")")
	if op, ok := strings.CutPrefix(name, "serializeOp"); ok {
		return function{read: (*source).requestHandler, sign: ">", op: op, typ: op + "Input"}
	}
	if op, ok := strings.CutPrefix(name, "deserializeOp"); ok {
		return function{read: (*source).answerHandler, sign: "<", op: op, typ: op + "Output"}
	}
	return function{}
}

// kind says which functions are read how.
type kind struct {
	prefix, sign string
	read         func(*source, string)
}

// kinds are tried in order.
func kinds() []kind {
	return []kind{
		{"serializeOpHttpBindings", ">", (*source).requestHeaders},
		{"serializeOpDocument", ">", (*source).requestBody},
		{"serializeDocument", ">", (*source).requestBody},
		{"deserializeOpHttpBindings", "<", (*source).answerHeaders},
		{"deserializeOpDocument", "<", (*source).answerBody},
		{"deserializeDocument", "<", (*source).answerBody},
	}
}

// tableName is a Go type's name in the table: "**types.Vpc" is ".Vpc"; lists and maps have none.
func tableName(goType string) string {
	t := strings.TrimLeft(goType, "*")
	if strings.HasPrefix(t, "[]") || strings.HasPrefix(t, "map[") {
		return ""
	}
	return strings.TrimPrefix(t, "types")
}

// set stores the pending name for a field, in the direction being read, unless it is known already.
func (s *source) set(field string, x binding) {
	fields := s.types[s.fn.typ]
	if fields == nil {
		fields = map[string]*member{}
		s.types[s.fn.typ] = fields
	}
	if fields[field] == nil {
		fields[field] = &member{}
	}
	at := &fields[field].in
	if s.fn.sign == "<" {
		at = &fields[field].out
	}
	if at.name == "" && at.place == 0 {
		*at = x
	}
	s.fn.pending = binding{}
}

// quoted returns the first string literal of a line.
func quoted(line string) string {
	_, rest, _ := strings.Cut(line, `"`)
	text, _, _ := strings.Cut(rest, `"`)
	return text
}

// after returns the identifier that follows a mark ("v.", "&sv."), or nothing. The mark must not continue a longer word.
func after(line, mark string) string {
	i := strings.Index(line, mark)
	if i < 0 || i > 0 && isWord(line[i-1]) {
		return ""
	}
	rest := line[i+len(mark):]
	end := strings.IndexFunc(rest, func(r rune) bool { return r > 127 || !isWord(byte(r)) })
	if end < 0 {
		end = len(rest)
	}
	return rest[:end]
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// shape returns the shape whose (de)serializer a line calls, or nothing.
func shape(line string) string {
	_, rest, ok := strings.Cut(line, "erializeDocument")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "(")
	return name
}
