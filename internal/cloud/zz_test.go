package cloud

import (
	"context"
	"fmt"
	"testing"
	"net"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"berth/internal/clock"
	"github.com/aws/aws-sdk-go-v2/config"
)

func TestZZ(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("AWS_CA_BUNDLE", "")
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	for _, e := range []string{"http://"+l.Addr().String(), "http://10.255.255.1", "http://240.0.0.1", "http://127.0.0.1:1"} {
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", e)
	s := time.Now()
	c, err := Open(context.Background(), Account{Region: "eu-west-1"}, Options{Clock: clock.System(), Run: "r", Width: 32})
	_, err = c.STS.GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	fmt.Println("one", time.Since(s), err)
	_, err = Read(context.Background(), c, c.STS.GetCallerIdentity, &sts.GetCallerIdentityInput{})
	fmt.Println("read", time.Since(s), err)
	fmt.Println(Lost(err), Credentials(err))
	cfg, _ := config.LoadDefaultConfig(context.Background(), config.WithRegion("eu-west-1"))
	s = time.Now()
	_, err = sts.NewFromConfig(cfg).GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	fmt.Println("default", time.Since(s), err)
	}
}
