package wire

import (
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/traits"
)

// queryErrorHeader tells a client that once spoke query which code an error had there: "CODE;Sender".
const queryErrorHeader = "X-Amzn-Query-Error"

// inQuery is a refusal as the query protocol has it: some services name their errors by other codes there, with other statuses
// (Smithy, "AWS query compatible").
func (e *endpoint[C]) inQuery(refusal *Error) *Error {
	if e.Errors == nil {
		return refusal
	}
	entry, ok := e.Errors.LookupEntry(refusal.Code)
	if !ok {
		return refusal
	}
	old, ok := smithy.SchemaTrait[*traits.AWSQueryError](entry.Schema)
	if !ok {
		return refusal
	}
	was := &Error{Code: old.ErrorCode, Message: refusal.Message, Status: refusal.Status}
	if was.Status == 0 {
		was.Status = old.StatusCode
	}
	return was
}

// compatibly adds the old code to an answer that refuses, if the service ever had one.
func (e *endpoint[C]) compatibly(a *answer, refusal *Error) *answer {
	if e.compatible {
		was := e.inQuery(refusal)
		a.header.Set(queryErrorHeader, was.Code+";"+was.fault())
	}
	return a
}
