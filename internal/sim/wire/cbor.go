package wire

import (
	"net/http"
	"strings"

	"github.com/aws/smithy-go/encoding/cbor"
)

// The names by which Smithy's RPC v2 protocol is told on both ways (Smithy, "Smithy RPC v2 CBOR protocol").
const (
	smithyProtocol = "Smithy-Protocol"
	rpcCBOR        = "rpc-v2-cbor"
	cborType       = "application/cbor"
)

// serveCBOR answers one request of Smithy's RPC v2 protocol: POST /service/SERVICE/operation/OPERATION, whatever stands before.
func (s *Server[C]) serveCBOR(env Envelope, r *http.Request) *answer {
	service, op := rpcPath(r.URL.Path)
	svc := s.paths[service]
	if svc == nil || r.Method != http.MethodPost || r.Header.Get(smithyProtocol) != rpcCBOR {
		return cborError(Errorf("UnknownOperationException", "no service here answers %s %s by %s",
			r.Method, r.URL.Path, r.Header.Get(smithyProtocol)))
	}
	env.Service, env.Operation = svc.Name, op
	body, err := s.schematic(env, svc, r, s.codec.decodeCBOR)
	if err != nil {
		return svc.compatibly(cborError(asError(err)), asError(err))
	}
	return cborAnswer(http.StatusOK, body)
}

// rpcPath takes service and operation out of a path's last four parts.
func rpcPath(path string) (service, operation string) {
	parts := strings.Split(path, "/")
	n := len(parts)
	if n < 5 || parts[n-4] != "service" || parts[n-2] != "operation" {
		return "", ""
	}
	return parts[n-3], parts[n-1]
}

// cborAnswer says in its header that it is of the protocol: clients refuse one that does not.
func cborAnswer(status int, body []byte) *answer {
	a := newAnswer(status, cborType, body)
	a.header.Set(smithyProtocol, rpcCBOR)
	return a
}

// cborError renders a refusal: a map of __type and message.
func cborError(e *Error) *answer {
	const mapOfTwo = 0xa2
	body := []byte{mapOfTwo}
	for _, text := range []string{"__type", e.Code, "message", e.Message} {
		body = append(body, cbor.Encode(cbor.String(text))...)
	}
	return cborAnswer(e.status(), body)
}
