package names

import "strings"

// answerBody reads the function that reads a structure, list or map from an XML document.
func (s *source) answerBody(line string) {
	if strings.Contains(line, "strings.EqualFold(") {
		s.fn.pending = binding{name: quoted(line)}
		if s.fn.typ == "" {
			s.answerTag(s.fn.pending.name)
		}
		return
	}
	if s.fn.typ == "" {
		s.answerElement(line)
		return
	}
	if s.fn.pending.name == "" {
		return
	}
	if field := after(line, "sv."); field != "" && !strings.Contains(line, "if sv.") {
		s.fn.pending.shape, s.fn.pending.flat = strings.CutSuffix(shape(line), "Unwrapped")
		s.set(field, s.fn.pending)
	}
}

// answerTag notes an element's tag. A list is told by its wrapped form, a map (key, then value) by its entries'.
func (s *source) answerTag(tag string) {
	name, unwrapped := strings.CutSuffix(s.fn.shape, "Unwrapped")
	l := s.lists["<"+name]
	switch {
	case s.fn.isMap && unwrapped && l.tag != "":
		l.tag += "," + tag
	case s.fn.isMap == unwrapped:
		l.tag = tag
	}
	s.lists["<"+name] = l
}

// answerElement notes the shape of a list's or map's elements.
func (s *source) answerElement(line string) {
	elem := shape(line)
	name := strings.TrimSuffix(s.fn.shape, "Unwrapped")
	if elem == "" || elem == name+"Unwrapped" {
		return
	}
	l := s.lists["<"+name]
	l.elem = elem
	s.lists["<"+name] = l
}

// answerHeaders reads the function that takes fields from headers.
func (s *source) answerHeaders(line string) {
	switch {
	case strings.Contains(line, "response.Header.Values("):
		s.fn.pending = binding{place: '@', name: quoted(line)}
	case strings.Contains(line, "lenPrefix := "):
		s.fn.pending = binding{place: '*', name: quoted(line)}
	case s.fn.pending.name != "":
		if field := after(line, "v."); field != "" {
			s.set(field, s.fn.pending)
		}
	}
}

// answerHandler finds the field that is the whole document of a rest operation's answer.
func (s *source) answerHandler(line string) {
	if field := after(line, "&output."); field != "" && shape(line) != "" {
		s.set(field, binding{place: '=', name: shape(line)})
	}
}

// rawAnswer finds the field that is the whole body, as text or as a stream.
func (s *source) rawAnswer(line string) {
	if field := after(line, "v."); field != "" && strings.Contains(line, "v."+field+" = ") {
		s.set(field, binding{place: '='})
	}
}
