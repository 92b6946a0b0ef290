module github.com/qiniu/iconv

go 1.26
