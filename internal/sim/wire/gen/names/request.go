package names

import "strings"

// requestBody reads the function that writes a structure, list or map into a form or an XML document.
func (s *source) requestBody(line string) {
	if s.fn.typ == "" {
		s.requestList(line)
		return
	}
	switch {
	case strings.Contains(line, "object.Key("):
		s.fn.pending = binding{name: quoted(line)}
	case strings.Contains(line, "object.FlatKey("):
		s.fn.pending = binding{name: quoted(line), flat: true}
	case strings.Contains(line, "Local: "):
		s.fn.pending = binding{name: quoted(line)}
	case strings.Contains(line, ".FlattenedElement("):
		s.fn.pending.flat = true
	case s.fn.pending.name != "":
		if field := after(line, "v."); field != "" {
			s.fn.pending.shape = shape(line)
			s.set(field, s.fn.pending)
		}
	}
}

// requestList reads how a list or a map wraps its elements.
func (s *source) requestList(line string) {
	key := ">" + s.fn.shape
	l := s.lists[key]
	switch {
	case strings.Contains(line, "value.Array("), strings.Contains(line, "Local: "):
		if l.tag == "" {
			l.tag = quoted(line)
		}
		if l.tag == "" { // rest-xml's default
			l.tag = "member"
		}
	case strings.Contains(line, "value.Map("):
		k, rest, _ := strings.Cut(line, `", `)
		l.tag = quoted(k+`"`) + "," + quoted(rest)
	case shape(line) != "":
		l.elem = shape(line)
	default:
		return
	}
	s.lists[key] = l
}

// requestHeaders reads the function that puts fields into headers, query and path.
func (s *source) requestHeaders(line string) {
	field := after(line, "v.")
	switch {
	case strings.Contains(line, "locationName := "):
		s.fn.pending = binding{place: '@', name: quoted(line)}
	case strings.Contains(line, "encoder.Headers("):
		s.set(s.fn.field, binding{place: '*', name: quoted(line)})
	case strings.Contains(line, `Query("`):
		s.fn.pending = binding{place: '?', name: quoted(line)}
	case strings.Contains(line, `SetURI("`):
		s.fn.pending = binding{place: '#', name: quoted(line)}
	}
	if field == "" {
		return
	}
	s.fn.field = field
	if s.fn.pending.name != "" && !strings.Contains(line, "if v.") {
		s.set(field, s.fn.pending)
	}
}

// requestHandler reads a rest operation's method and URI, and which field is its body.
func (s *source) requestHandler(line string) {
	r := s.routes[s.fn.op]
	switch {
	case strings.Contains(line, "httpbinding.SplitURI("):
		r.uri = quoted(line)
		s.routes[s.fn.op] = r
	case strings.Contains(line, "request.Method = "):
		r.method = quoted(line)
		s.routes[s.fn.op] = r
	case strings.Contains(line, "Local: "):
		s.fn.pending = binding{place: '=', name: quoted(line)}
	case strings.Contains(line, "payload := ") || shape(line) != "":
		if field := after(line, "input."); field != "" {
			s.fn.pending.place, s.fn.pending.shape = '=', shape(line)
			s.set(field, s.fn.pending)
		}
	}
}
