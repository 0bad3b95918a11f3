package wire

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/smithy-go"
)

// Error is a refusal as AWS would send it; status 0 means 400.
type Error struct {
	Code, Message string
	Status        int
}

// Errorf makes a refusal with status 400 and a formatted message.
func Errorf(code, format string, a ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, a...)}
}

// WithStatus returns a copy of the refusal with another HTTP status.
func (e *Error) WithStatus(status int) *Error {
	return &Error{Code: e.Code, Message: e.Message, Status: status}
}

// Error says code and message, in the order of the SDK's own errors.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// status is the HTTP status to send.
func (e *Error) status() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// fault is query's name for who is to blame.
func (e *Error) fault() string {
	if e.status() >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

// asError turns whatever an operation returned into a refusal: its own, an SDK exception, or an internal failure.
func asError(err error) *Error {
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		e := &Error{Code: api.ErrorCode(), Message: api.ErrorMessage()}
		if api.ErrorFault() == smithy.FaultServer {
			e.Status = http.StatusInternalServerError
		}
		return e
	}
	return &Error{Code: "InternalFailure", Message: err.Error(), Status: http.StatusInternalServerError}
}
