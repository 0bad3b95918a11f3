package apply

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
)

// refused turns an item that a batch call could not carry out into the error that a single call would have given.
func refused(operation string, item *types.UnsuccessfulItemError) error {
	if item == nil {
		return nil
	}
	return batchError("EC2", operation, item.Code, item.Message)
}

// batchError is an error inside an answer of AWS, as the SDK would have given it for a call of its own.
func batchError(service, operation string, code, message *string) error {
	return &smithy.OperationError{
		ServiceID: service, OperationName: operation, Err: &smithy.GenericAPIError{Code: aws.ToString(code), Message: aws.ToString(message)},
	}
}
