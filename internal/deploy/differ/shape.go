package differ

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/document"
)

// shape is what is known of a document: which members there are, what AWS fills in, and what tells the items of lists apart.
type shape struct {
	members  string            // of the top level, as the call takes them
	owned    []string          // what belongs to others where it is left out
	defaults map[string]string // by path, as JSON
	keys     map[string]string // of lists whose order does not count, by path: the names of the members that tell items apart
	sameHost bool              // a container's port is the host's too
}

// whole is the normal form of a document, which is absent when the document is.
func (s shape) whole(v document.Value) document.Value { return s.normal("", s.only(v)) }

// only leaves the members that the call takes; the rest AWS derives.
func (s shape) only(v document.Value) document.Value {
	out := document.Value{Kind: document.Object}
	for _, m := range v.Members {
		if slices.Contains(strings.Fields(s.members), m.Name) {
			out.Members = append(out.Members, m)
		}
	}
	if len(out.Members) == 0 {
		return document.Value{}
	}
	return out
}

// normal is a value in the one way that everything equal to it is written in: no defaults, nothing empty, numbers as numbers,
// lists without an order as objects by key. A path has "*" for the items of lists.
func (s shape) normal(path string, v document.Value) document.Value {
	switch v.Kind {
	case document.Object:
		return s.object(path, v)
	case document.List:
		return s.list(path, v)
	case document.Text, document.Number, document.Bool:
		if v = scalar(path, v); s.defaults[path] != "" && v.Text == s.defaults[path] {
			return document.Value{}
		}
		return v
	default:
		return document.Value{}
	}
}

func (s shape) object(path string, v document.Value) document.Value {
	out := document.Value{}
	for _, m := range v.Members {
		if part := s.normal(join(path, m.Name), m.Value); part.There() {
			out = out.With(m.Name, part)
		}
	}
	if s.sameHost && path == mappings+".*" && out.Get("hostPort").Text == out.Get("containerPort").Text {
		out = out.With("hostPort", document.Value{})
	}
	return out
}

// mappings is where a container's ports are.
const mappings = "containerDefinitions.*.portMappings"

func (s shape) list(path string, v document.Value) document.Value {
	key, known := s.keys[path]
	out := document.Value{}
	for i, item := range v.Items {
		part := s.normal(path+".*", item)
		switch {
		case !known:
			if !part.There() {
				part = document.Value{Kind: document.Object} // in a list with an order even an empty item counts
			}
			out.Kind, out.Items = document.List, append(out.Items, part)
		case part.There():
			name, rest := split(key, part, i)
			out = out.With(fresh(out, name), rest)
		}
	}
	return out
}

// split takes an item apart into what tells it apart and the rest: by the named members, or as a whole where none is named.
func split(key string, item document.Value, i int) (name string, rest document.Value) {
	rest = document.Value{Kind: document.Object}
	switch {
	case item.Kind != document.Object:
		return item.Text, rest
	case key == "":
		return canonical(item), rest
	}
	var words []string
	for _, m := range item.Members {
		if !slices.Contains(strings.Fields(key), m.Name) {
			rest.Members = append(rest.Members, m)
		}
	}
	for member := range strings.FieldsSeq(key) {
		if text := item.Get(member).Text; text != "" {
			words = append(words, text)
		}
	}
	return cmp.Or(strings.Join(words, "/"), strconv.Itoa(i)), rest
}

// canonical is an object's JSON with its members by name: AWS answers in an order of its own.
func canonical(v document.Value) string {
	return v.Map(func(part document.Value) document.Value {
		slices.SortFunc(part.Members, func(a, b document.Member) int { return cmp.Compare(a.Name, b.Name) })
		return part
	}).JSON()
}

// fresh is a name that an object does not have yet: two items may be the same.
func fresh(v document.Value, name string) string {
	for n := 2; v.Get(name).There(); n++ {
		name = strings.TrimSuffix(name, "#"+strconv.Itoa(n-1)) + "#" + strconv.Itoa(n)
	}
	return name
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// scalar writes amounts of whole tasks in one way ("1 vCPU" is 1024, "0.5 GB" 512), and every scalar as a text: 256 and "256"
// are one.
func scalar(path string, v document.Value) document.Value {
	text := v.Text
	if path == "cpu" || path == "memory" {
		text = amount(text)
	}
	return document.Of(text)
}

func amount(text string) string {
	short, times := strings.ToLower(strings.ReplaceAll(text, " ", "")), 1.0
	for _, unit := range []string{"vcpu", "gb"} {
		if rest, ok := strings.CutSuffix(short, unit); ok {
			short, times = rest, 1024
		}
	}
	n, err := strconv.ParseFloat(short, 64)
	if err != nil {
		return text
	}
	return strconv.Itoa(int(n * times))
}
