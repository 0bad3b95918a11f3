package wire

import (
	"net/http"
	"net/url"
	"reflect"
)

// serveQuery answers one EC2 query or AWS query request.
func (s *Server[C]) serveQuery(env Envelope, r *http.Request) *answer {
	form, err := readForm(r)
	if err != nil {
		return queryError(Query, env, "", asError(err))
	}
	version := form.Get("Version")
	svc := s.versions[version]
	if svc == nil {
		return queryError(Query, env, "", Errorf("NoSuchVersion", "no service here has the API version %q", version))
	}
	env.Service, env.Operation = svc.Name, form.Get("Action")
	out, err := s.query(env, svc, form)
	if err != nil {
		return queryError(svc.Protocol, env, svc.XMLNS, svc.inQuery(asError(err)))
	}
	return s.queryAnswer(svc.Protocol, env, svc.XMLNS, out)
}

// readForm reads the form from the body, or from the URL of a GET.
func readForm(r *http.Request) (url.Values, error) {
	text := r.URL.RawQuery
	if r.Method == http.MethodPost {
		body, err := readMessage(r)
		if err != nil {
			return nil, err
		}
		text = string(body)
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, Errorf("MalformedQueryString", "the query string can't be read: %v", err)
	}
	return form, nil
}

// query finds the operation, decodes its input and runs it.
func (s *Server[C]) query(env Envelope, svc *endpoint[C], form url.Values) (any, error) {
	op, ok := svc.Ops[env.Operation]
	if env.Operation == "" {
		return nil, Errorf("MissingAction", "the request names no Action")
	}
	if !ok {
		return nil, Errorf("InvalidAction", "The action %s is not valid for this web service.", env.Operation)
	}
	root, err := formTree(form)
	if err != nil {
		return nil, err
	}
	in := reflect.New(op.In)
	if err := s.codec.decoder(op.In).fill(root, in.Elem()); err != nil {
		return nil, Errorf("MalformedQueryString", "%v", err)
	}
	return s.run(env, op, in.Interface())
}

// queryAnswer renders an output in its dialect: EC2's members stand in the response itself, the others' in a Result.
func (s *Server[C]) queryAnswer(p Protocol, env Envelope, xmlns string, out any) *answer {
	v := reflect.ValueOf(out).Elem()
	plan := s.codec.encoder(v.Type())
	b := append(make([]byte, 0, 1024), `<?xml version="1.0" encoding="UTF-8"?>`+"\n"...)
	b = append(b, "<"+env.Operation+`Response xmlns="`+xmlns+`">`...)
	if p == EC2Query {
		b = appendElement(b, "requestId", env.RequestID)
		b = plan.members(b, v)
	} else {
		b = append(b, "<"+env.Operation+"Result>"...)
		b = plan.members(b, v)
		b = append(b, "</"+env.Operation+"Result><ResponseMetadata>"...)
		b = appendElement(b, "RequestId", env.RequestID)
		b = append(b, "</ResponseMetadata>"...)
	}
	b = append(b, "</"+env.Operation+"Response>"...)
	return newAnswer(http.StatusOK, xmlType, b)
}

// queryError renders a refusal in its dialect.
func queryError(p Protocol, env Envelope, xmlns string, e *Error) *answer {
	b := []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	if p == EC2Query {
		b = append(b, "<Response><Errors><Error>"...)
		b = appendElement(b, "Code", e.Code)
		b = appendElement(b, "Message", e.Message)
		b = append(b, "</Error></Errors>"...)
		b = appendElement(b, "RequestID", env.RequestID)
		b = append(b, "</Response>"...)
	} else {
		b = append(b, `<ErrorResponse xmlns="`+xmlns+`"><Error>`...)
		b = appendElement(b, "Type", e.fault())
		b = appendElement(b, "Code", e.Code)
		b = appendElement(b, "Message", e.Message)
		b = append(b, "</Error>"...)
		b = appendElement(b, "RequestId", env.RequestID)
		b = append(b, "</ErrorResponse>"...)
	}
	return newAnswer(e.status(), xmlType, b)
}

// xmlType is the content type of the query services' answers.
const xmlType = "text/xml;charset=UTF-8"

// appendElement appends an element that holds only text.
func appendElement(b []byte, tag, text string) []byte {
	b = append(b, "<"+tag+">"...)
	b = appendText(b, text)
	return append(b, "</"+tag+">"...)
}
