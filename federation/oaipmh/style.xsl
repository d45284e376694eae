<?xml version="1.0" encoding="UTF-8"?>
<!-- Shows the answers of the OAI-PMH door to a person with a browser, labels in Vietnamese and English. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:oai="http://www.openarchives.org/OAI/2.0/" exclude-result-prefixes="oai">
  <xsl:output method="html" encoding="UTF-8" doctype-system="about:legacy-compat"/>
  <xsl:variable name="base" select="/oai:OAI-PMH/oai:request"/>
  <xsl:variable name="prefix" select="/oai:OAI-PMH/oai:request/@metadataPrefix"/>

  <xsl:template match="/oai:OAI-PMH">
    <html lang="vi">
      <head>
        <meta charset="UTF-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="robots" content="noindex"/>
        <title>OAI-PMH</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1b1b1b; background: #fff }
          nav a { margin-right: 1rem } a { color: #0b57a4 }
          table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem } th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #ddd }
          th { width: 16rem; font-weight: 600 } pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f5f5; padding: .5rem; font-size: .85rem }
          .error, .deleted { color: #a40000 } small { color: #555 }
          @media (prefers-color-scheme: dark) { body { background: #161616; color: #eee } a { color: #8ec5ff } pre { background: #222 } small { color: #aaa } .error, .deleted { color: #ff9a9a } }
        </style>
      </head>
      <body>
        <h1>OAI-PMH</h1>
        <p>Trang này dành cho máy thu thập biểu ghi; bảng dưới đây là bản đọc cho người.<br/>
          <small>This page is meant for harvesters; what follows is the same answer for people.</small></p>
        <nav>
          <a href="{$base}?verb=Identify">Giới thiệu / Identify</a>
          <a href="{$base}?verb=ListMetadataFormats">Khuôn dạng / Formats</a>
          <a href="{$base}?verb=ListSets">Bộ / Sets</a>
          <a href="{$base}?verb=ListIdentifiers&amp;metadataPrefix=oai_dc">Định danh / Identifiers</a>
          <a href="{$base}?verb=ListRecords&amp;metadataPrefix=oai_dc">Biểu ghi / Records</a>
        </nav>
        <table>
          <tr><th scope="row">Thời điểm trả lời / Response date</th><td><xsl:value-of select="oai:responseDate"/></td></tr>
          <xsl:for-each select="oai:request/@*">
            <tr><th scope="row"><xsl:value-of select="name()"/></th><td><xsl:value-of select="."/></td></tr>
          </xsl:for-each>
        </table>
        <xsl:apply-templates select="oai:error | oai:Identify | oai:ListMetadataFormats | oai:ListSets | oai:GetRecord | oai:ListIdentifiers | oai:ListRecords"/>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="oai:error">
    <p class="error"><strong>Lỗi / Error: <xsl:value-of select="@code"/></strong><br/><xsl:value-of select="."/></p>
  </xsl:template>

  <xsl:template match="oai:Identify">
    <h2>Kho biểu ghi / Repository</h2>
    <table>
      <tr><th scope="row">Tên / Name</th><td><xsl:value-of select="oai:repositoryName"/></td></tr>
      <tr><th scope="row">Địa chỉ / Base URL</th><td><xsl:value-of select="oai:baseURL"/></td></tr>
      <tr><th scope="row">Liên hệ / Contact</th><td><xsl:value-of select="oai:adminEmail"/></td></tr>
      <tr><th scope="row">Ngày sớm nhất / Earliest datestamp</th><td><xsl:value-of select="oai:earliestDatestamp"/></td></tr>
      <tr><th scope="row">Biểu ghi đã xoá / Deleted records</th><td><xsl:value-of select="oai:deletedRecord"/></td></tr>
      <tr><th scope="row">Độ chính xác / Granularity</th><td><xsl:value-of select="oai:granularity"/></td></tr>
    </table>
  </xsl:template>

  <xsl:template match="oai:ListMetadataFormats">
    <h2>Khuôn dạng / Metadata formats</h2>
    <table>
      <xsl:for-each select="oai:metadataFormat">
        <tr>
          <th scope="row"><a href="{$base}?verb=ListRecords&amp;metadataPrefix={oai:metadataPrefix}"><xsl:value-of select="oai:metadataPrefix"/></a></th>
          <td><xsl:value-of select="oai:metadataNamespace"/><br/><small><xsl:value-of select="oai:schema"/></small></td>
        </tr>
      </xsl:for-each>
    </table>
  </xsl:template>

  <xsl:template match="oai:ListSets">
    <h2>Bộ / Sets</h2>
    <table>
      <xsl:for-each select="oai:set">
        <tr>
          <th scope="row"><a href="{$base}?verb=ListRecords&amp;metadataPrefix=oai_dc&amp;set={oai:setSpec}"><xsl:value-of select="oai:setSpec"/></a></th>
          <td><xsl:value-of select="oai:setName"/></td>
        </tr>
      </xsl:for-each>
    </table>
  </xsl:template>

  <xsl:template match="oai:GetRecord"><xsl:apply-templates select="oai:record"/></xsl:template>

  <xsl:template match="oai:ListRecords | oai:ListIdentifiers">
    <h2>Danh sách / List</h2>
    <xsl:apply-templates select="oai:record | oai:header"/>
    <xsl:apply-templates select="oai:resumptionToken"/>
  </xsl:template>

  <xsl:template match="oai:record">
    <xsl:apply-templates select="oai:header"/>
    <xsl:if test="oai:metadata"><pre><xsl:apply-templates select="oai:metadata/*" mode="source"/></pre></xsl:if>
  </xsl:template>

  <xsl:template match="oai:header">
    <table>
      <tr>
        <th scope="row">Định danh / Identifier</th>
        <td>
          <xsl:value-of select="oai:identifier"/>
          <xsl:if test="@status = 'deleted'"> <span class="deleted">(đã xoá / deleted)</span></xsl:if>
          <xsl:if test="$prefix and not(parent::oai:record/parent::oai:GetRecord)">
            <br/><a href="{$base}?verb=GetRecord&amp;metadataPrefix={$prefix}&amp;identifier={oai:identifier}">Xem / Show</a>
          </xsl:if>
        </td>
      </tr>
      <tr><th scope="row">Thay đổi / Datestamp</th><td><xsl:value-of select="oai:datestamp"/></td></tr>
      <tr>
        <th scope="row">Bộ / Sets</th>
        <td><xsl:for-each select="oai:setSpec"><xsl:value-of select="."/><xsl:text> </xsl:text></xsl:for-each></td>
      </tr>
    </table>
  </xsl:template>

  <xsl:template match="oai:resumptionToken">
    <p>
      <xsl:value-of select="@cursor"/> / <xsl:value-of select="@completeListSize"/>
      <xsl:if test="string(.)">
        – <a href="{$base}?verb={/oai:OAI-PMH/oai:request/@verb}&amp;resumptionToken={.}">Tiếp theo / Next</a>
      </xsl:if>
    </p>
  </xsl:template>

  <xsl:template match="*" mode="source">
    <xsl:text>&lt;</xsl:text><xsl:value-of select="name()"/>
    <xsl:for-each select="@*"><xsl:text> </xsl:text><xsl:value-of select="name()"/>="<xsl:value-of select="."/>"</xsl:for-each>
    <xsl:text>&gt;</xsl:text>
    <xsl:if test="*"><xsl:text>&#10;</xsl:text></xsl:if>
    <xsl:apply-templates select="node()" mode="source"/>
    <xsl:text>&lt;/</xsl:text><xsl:value-of select="name()"/><xsl:text>&gt;&#10;</xsl:text>
  </xsl:template>
  <xsl:template match="text()" mode="source"><xsl:value-of select="."/></xsl:template>
</xsl:stylesheet>
