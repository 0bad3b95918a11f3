package apply

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
)

// refused turns an item that a batch call could not carry out into the error that a single call would have given.
func refused(item *types.UnsuccessfulItemError) error {
	if item == nil {
		return nil
	}
	return &smithy.GenericAPIError{Code: aws.ToString(item.Code), Message: aws.ToString(item.Message)}
}
